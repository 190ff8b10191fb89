package io.pataka.service.development;

import io.pataka.service.PatakaApplication;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.EmbeddedMariaDb;
import io.pataka.service.testing.KeyFile;
import io.pataka.service.testing.KeyRings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ShutdownThread;

/**
 * The program of {@code make run}: the server as it is shipped, with its own database, keys and certificate. All are made
 * on the first start below one folder, and used again by later starts.
 */
public final class DevelopmentServer {

    private DevelopmentServer() {}

    /**
     * Prints one line and exits with 1 if the server cannot start for a reason that the caller can correct.
     *
     * @param arguments as {@link DevelopmentSettings#of} takes them
     */
    public static void main(String[] arguments) throws Exception {
        try {
            start(DevelopmentSettings.of(arguments));
        } catch (IllegalArgumentException | IOException fault) {
            // Java's message has only the path of the file; the class of the exception has the reason.
            String cause = fault instanceof FileSystemException ? fault.toString() : fault.getMessage();
            System.err.println("The server does not start: " + cause);
            System.exit(1);
        }
    }

    private static void start(DevelopmentSettings settings) throws Exception {
        Path data = settings.data();
        FileChannel lock = openData(data);
        // Checked before MariaDB is installed and started, which takes a while.
        settings.requireFreePorts();
        Path environment = data.resolve("environment");
        // A server that was killed may have left it.
        Files.deleteIfExists(environment);

        SelfSignedCertificate certificate = SelfSignedCertificate.in(data);
        AccessKeys keys = KeyFile.readOrCreate(data.resolve("credentials.yml"));
        KeyRings.readOrCreate(data.resolve("keyring.yml"));
        Files.createDirectories(data.resolve("volume1"));
        EmbeddedMariaDb database = EmbeddedMariaDb.persistent(data.resolve("mariadb"));
        fillIn(settings, database.schema("pataka"));
        new PatakaApplication().run("server", settings.file().toString());
        // Jetty stops in the order of registration: first the server, which was registered when it was built.
        ShutdownThread.register(new StopAfterTheServer(environment, database, lock));

        Welcome welcome = new Welcome(settings, keys, certificate.certificate());
        welcome.writeEnvironment(environment);
        System.out.println(welcome.text());
    }

    private static FileChannel openData(Path data) throws IOException {
        try {
            Files.createDirectories(
                    data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return lock(data);
        } catch (FileSystemException unusable) {
            throw new IOException(
                    "DATA=" + data + " cannot be made or written: " + reason(unusable)
                            + ". Choose a folder of yours: make run DATA=...",
                    unusable);
        }
    }

    private static String reason(FileSystemException unusable) {
        if (unusable instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (unusable instanceof FileAlreadyExistsException) {
            return "there is a file of this name";
        }
        return Optional.ofNullable(unusable.getReason()).orElse("no such folder");
    }

    /** Sets the variables of etc/pataka-dev.yml. */
    private static void fillIn(DevelopmentSettings settings, DatabaseSettings database) {
        System.setProperty("DATA", settings.data().toString());
        System.setProperty("HTTP_PORT", Integer.toString(settings.httpPort()));
        System.setProperty("HTTPS_PORT", Integer.toString(settings.httpsPort()));
        System.setProperty("ADMIN_PORT", Integer.toString(settings.adminPort()));
        System.setProperty("DATABASE_URL", database.url());
        System.setProperty("DATABASE_USER", database.user());
        System.setProperty("DATABASE_PASSWORD", database.password());
    }

    /** Locks the folder: two servers would run two databases on the same files. The lock ends with the process. */
    private static FileChannel lock(Path data) throws IOException {
        FileChannel file = FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.tryLock() == null) {
            throw new IOException("Another server runs on " + data + " already. Stop it, or choose another folder and"
                    + " other ports: make run DATA=... HTTP_PORT=... HTTPS_PORT=... ADMIN_PORT=...");
        }
        return file;
    }

    private static final class StopAfterTheServer extends AbstractLifeCycle {

        private final Path environment;
        private final EmbeddedMariaDb database;
        private final FileChannel lock;

        private StopAfterTheServer(Path environment, EmbeddedMariaDb database, FileChannel lock) throws Exception {
            this.environment = environment;
            this.database = database;
            this.lock = lock;
            start();
        }

        @Override
        protected void doStop() throws IOException {
            Files.deleteIfExists(environment);
            database.close();
            lock.close();
        }
    }
}
