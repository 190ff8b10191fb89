package io.pataka.service;

import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.pataka.service.cli.CheckCommand;
import io.pataka.service.cli.ExplainCommand;
import io.pataka.service.cli.KeysCommand;
import io.pataka.service.cli.LifecycleCommand;
import io.pataka.service.cli.QuotaCommand;
import io.pataka.service.cli.SchemaCommand;
import io.pataka.service.cli.ServeCommand;
import io.pataka.service.cli.SettingsReader;
import io.pataka.service.cli.UsageCommand;
import io.pataka.service.http.ConnectorFiles;
import io.pataka.service.http.ListenAddresses;
import io.pataka.service.http.S3ServerDefaults;
import java.util.Optional;
import org.apache.commons.text.StringSubstitutor;

/** The application: its name, its commands, and the work of {@code server}. */
public final class PatakaApplication extends Application<PatakaConfiguration> {

    /**
     * Runs a command: {@code server}, {@code check}, {@code db migrate} with the path of the settings, {@code keys},
     * {@code lifecycle}, {@code quota}, {@code usage}, or {@code explain}.
     */
    public static void main(String[] arguments) throws Exception {
        new PatakaApplication().run(arguments);
    }

    @Override
    public String getName() {
        return "pataka";
    }

    @Override
    public void initialize(Bootstrap<PatakaConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(
                new SubstitutingSourceProvider(bootstrap.getConfigurationSourceProvider(), settingsFromOutside()));
        bootstrap.setConfigurationFactoryFactory(SettingsReader::new);
        bootstrap.addCommand(new SchemaCommand<>(PatakaConfiguration.class, PatakaConfiguration::database));
        bootstrap.addCommand(new KeysCommand<>(
                PatakaConfiguration.class,
                PatakaConfiguration::database,
                settings -> settings.encryption().keyRing()));
        bootstrap.addCommand(new LifecycleCommand<>(
                PatakaConfiguration.class,
                PatakaConfiguration::database,
                settings -> new LifecycleCommand.Rules(
                        settings.lifecycle().day().toJavaDuration(), settings.storageClasses())));
        bootstrap.addCommand(new QuotaCommand<>(
                PatakaConfiguration.class,
                PatakaConfiguration::database,
                settings -> settings.quotas().defaults()));
        bootstrap.addCommand(new UsageCommand<>(PatakaConfiguration.class, PatakaConfiguration::database));
        bootstrap.addCommand(new ExplainCommand(new LiveAccess()));
    }

    /** {@code ${NAME}} and {@code ${NAME:-default}} in the settings: a system property or else a variable of the environment. */
    private static StringSubstitutor settingsFromOutside() {
        StringSubstitutor substitutor = new StringSubstitutor(
                name -> Optional.ofNullable(System.getProperty(name)).orElseGet(() -> System.getenv(name)));
        substitutor.setEnableUndefinedVariableException(true);
        return substitutor;
    }

    @Override
    protected void addDefaultCommands(Bootstrap<PatakaConfiguration> bootstrap) {
        bootstrap.addCommand(new ServeCommand<>(this));
        bootstrap.addCommand(new CheckCommand<>(PatakaConfiguration.class, new LiveCheck()));
    }

    @Override
    public void run(PatakaConfiguration configuration, Environment environment) throws Exception {
        S3ServerDefaults.applyTo(configuration.getServerFactory());
        ListenAddresses.of(configuration.getServerFactory()).requireFree();
        ConnectorFiles.requireUsable(configuration.getServerFactory());
        Assembly.of(configuration, environment).register(environment);
    }
}
