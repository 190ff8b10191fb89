# Every target is one call of Maven or of a script. `make` alone lists them.

DATA       ?= data
HTTP_PORT  ?= 8080
HTTPS_PORT ?= 8443
ADMIN_PORT ?= 8081

MVN  ?= $(if $(shell command -v mvn),mvn,./mvnw) -B -ntp
JAVA ?= $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)

# Written by the build when everything is packaged, so Make sees whether the build is up to date.
BUILT      := service/target/development.classpath
SOURCES    := pom.xml $(wildcard */pom.xml) $(shell find */src -type f -not -name '*~' 2>/dev/null)
CLASS_PATH  = service/target/classes:service/target/test-classes:$$(cat $(BUILT))

SHELL       := /bin/bash
.SHELLFLAGS := -o pipefail -c
# Maven writes escape codes even where it is quiet and its output is no terminal.
NO_ESCAPES   = 2>&1 | sed -u 's/\x1b\[[0-9;]*m//g'

.DEFAULT_GOAL := help
# Of a build's log: a line for each module and goal, one for each hundred files that are downloaded, and what went wrong.
define PROGRESS
{ gsub(/\033\[[0-9;]*m/, "") }
/^\[INFO\] Building Pataka/ || /^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$$/ { sub(/^\[INFO\] /, ""); print; fflush() }
/^\[INFO\] --- .*:(compile|testCompile|jar|test-jar|check|copy-dependencies|build-classpath) / { print "  " $$3; fflush() }
/^(\[INFO\] )?Downloaded from/ && ++files % 100 == 0 { print "  " files " files downloaded"; fflush() }
/^\[ERROR\]/ || /^Error/ || /mvnw: / { print; fflush() }
endef
export PROGRESS

# Of the reports of Surefire and Failsafe: the seconds of a test class and its name.
SECONDS_OF_CLASS = s/^<testsuite .* name="\([^"]*\)" time="\([0-9.,]*\)".*/\2 \1/p

.PHONY: help jdk run env test bench bench-full bench-sweep jmh s3tests s3api features format build clean devstack

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo '  settings: DATA=$(DATA) HTTP_PORT=$(HTTP_PORT) HTTPS_PORT=$(HTTPS_PORT) ADMIN_PORT=$(ADMIN_PORT)'

run: jdk $(BUILT) ## a server with its own database, keys and certificate below DATA; Ctrl-C stops it
	@exec $(JAVA) -Xmx512m -XX:+UseParallelGC -XX:+ExitOnOutOfMemoryError -cp "$(CLASS_PATH)" io.pataka.service.development.DevelopmentServer \
	  --data="$(DATA)" --http-port=$(HTTP_PORT) --https-port=$(HTTPS_PORT) --admin-port=$(ADMIN_PORT)

env: ## the lines that point aws-cli and the SDKs at it: eval "$(make env)", with the same DATA
	@cat "$(DATA)/environment" 2>/dev/null || { echo "No server runs on $(DATA): start one with 'make run'," \
	  "or give the DATA that yours was started with: make env DATA=..." >&2; exit 1; }

test: ## everything: unit, real database, real Keystone, real clients (installed from Debian if missing)
	@service/src/test/clients/install.sh
	@mkdir -p target && touch target/tests.started
	@$(MVN) verify; status=$$?; echo 'The ten slowest test classes, in seconds:'; \
	  find */target/*-reports -name 'TEST-*.xml' -newer target/tests.started -exec sed -n '$(SECONDS_OF_CLASS)' {} + \
	  | tr -d , | sort -rn | head | awk '{ printf "%9.1f  %s\n", $$1, $$2 }'; exit $$status

bench: $(BUILT) ## load bench with the limits of this machine beside it, some minutes
	@exec $(JAVA) -Xmx512m -XX:+ExitOnOutOfMemoryError -cp "$(CLASS_PATH)" io.pataka.service.benchmark.LoadHarness

bench-full: $(BUILT) ## the same, with 5 GiB objects, one million keys and start-up time
	@exec $(JAVA) -Xmx512m -XX:+ExitOnOutOfMemoryError -cp "$(CLASS_PATH)" io.pataka.service.benchmark.LoadHarness --full

bench-sweep: $(BUILT) ## a lifecycle sweep over ten million keys, and requests beside it
	@exec $(JAVA) -Xmx512m -XX:+ExitOnOutOfMemoryError -cp "$(CLASS_PATH)" io.pataka.service.benchmark.SweepBench

jmh: $(BUILT) ## microbenchmarks; JMH_ARGS chooses among them
	@exec $(JAVA) -XX:+ExitOnOutOfMemoryError -cp "$(CLASS_PATH)" org.openjdk.jmh.Main $(JMH_ARGS)

s3tests: $(BUILT) ## ceph/s3-tests from S3TESTS_DIR over http and https; BOTO_PATH=... for another client, UPDATE=1 for a new list
	@CLASS_PATH="$(CLASS_PATH)" JAVA="$(JAVA)" /usr/bin/python3 -B service/src/test/s3tests/run.py $(if $(UPDATE),--update)

s3api: $(BUILT) ## openstack/swift's test/s3api from SWIFT_DIR; BOTO_PATH=... for another client, UPDATE=1 for a new list
	@CLASS_PATH="$(CLASS_PATH)" JAVA="$(JAVA)" /usr/bin/python3 -B service/src/test/swift-s3api/run.py $(if $(UPDATE),--update)

features: $(BUILT) ## write the table of features into README.md
	@exec $(JAVA) -XX:+ExitOnOutOfMemoryError -cp "$(CLASS_PATH)" io.pataka.service.documentation.FeatureTable

format: ## format the sources as the build wants them
	@$(MVN) -q spotless:apply $(NO_ESCAPES)

build: $(BUILT) ## compile and package, without tests

$(BUILT): $(SOURCES) | jdk
	@echo 'Building; the first time this downloads the libraries, which takes some minutes. All of its output: target/build.log'
	@mkdir -p target
	@$(filter-out -ntp,$(MVN)) -DskipTests package 2>&1 </dev/null | tee target/build.log | awk "$$PROGRESS"
	@touch $@

jdk:
	@version=$$($(JAVA) -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'); \
	  if [ "$${version:-0}" -lt 17 ]; then \
	    echo "JDK 17 or newer is needed, and $(JAVA) is $${version:-not there}. Install openjdk-17-jdk-headless, or set" \
	      "JAVA_HOME to a newer JDK." >&2; exit 1; \
	  fi

clean: ## remove what the build made; DATA stays
	@$(MVN) -q clean $(NO_ESCAPES)

devstack: ## the storage service and a Keystone to ask, on this machine
	@devstack/standalone.sh up
