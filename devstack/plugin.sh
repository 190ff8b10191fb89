#!/bin/bash
# shellcheck source-path=SCRIPTDIR
#
# DevStack plugin of Pataka: which function of lib/pataka belongs to which phase. DevStack sources this
# file with the mode in $1 and the phase in $2.

# Save trace setting
_XTRACE_PATAKA_PLUGIN=$(set +o | grep xtrace)
set +o xtrace

# shellcheck source=lib/pataka
source "$PATAKA_DIR/devstack/lib/pataka"

# stack.sh may ask for passwords after it has read the settings.
PATAKA_DATABASE_PASSWORD=${PATAKA_DATABASE_PASSWORD:-$DATABASE_PASSWORD}
PATAKA_DATABASE_ADMIN_PASSWORD=${PATAKA_DATABASE_ADMIN_PASSWORD:-$DATABASE_PASSWORD}

if is_service_enabled pataka; then
    case "$1:$2" in
        stack:pre-install)
            check_pataka_settings
            install_pataka_packages
            ;;
        stack:install)
            echo_summary "Installing Pataka"
            install_pataka
            ;;
        stack:post-config)
            echo_summary "Configuring Pataka"
            create_pataka_accounts
            configure_pataka
            init_pataka
            ;;
        stack:extra)
            echo_summary "Starting Pataka"
            start_pataka
            wait_for_pataka
            ;;
        stack:test-config)
            configure_pataka_tests
            ;;
        unstack:)
            stop_pataka
            ;;
        clean:)
            cleanup_pataka
            ;;
    esac
fi

# Restore xtrace
$_XTRACE_PATAKA_PLUGIN

# Tell emacs to use shell-script-mode
## Local variables:
## mode: shell-script
## End:
