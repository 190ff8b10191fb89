package io.pataka.service.cli;

import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import io.pataka.service.encryption.KeyRingFile;
import io.pataka.service.encryption.Ring;
import io.pataka.service.encryption.RingKey;
import io.pataka.service.encryption.WrappingKey;
import io.pataka.service.metadata.DatabaseSettings;
import io.pataka.service.metadata.MariaDbSealedRows;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;

/**
 * {@code keys}: makes and changes the key ring of SSE-S3, and counts the rows that need each key.
 *
 * @param <T> the settings of a server
 */
public final class KeysCommand<T extends Configuration> extends Command {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Class<T> type;
    private final Function<T, DatabaseSettings> database;
    private final Function<T, Optional<Path>> ring;
    private final PrintStream out;

    public KeysCommand(Class<T> type, Function<T, DatabaseSettings> database, Function<T, Optional<Path>> ring) {
        this(type, database, ring, System.out);
    }

    /**
     * @param ring the file of a server's key ring
     * @param out gets the results
     */
    public KeysCommand(
            Class<T> type, Function<T, DatabaseSettings> database, Function<T, Optional<Path>> ring, PrintStream out) {
        super("keys", "Makes and changes the key ring of SSE-S3, and counts what needs each key");
        this.type = type;
        this.database = database;
        this.ring = ring;
        this.out = out;
    }

    @Override
    public void configure(Subparser parser) {
        Subparsers actions =
                parser.addSubparsers().title("actions").dest("action").metavar("action");
        Subparser make = actions.addParser("make").help("make a key ring with one key, which is active");
        fileOfRing(make);
        secret(make);
        Subparser add = actions.addParser("add").help("add a key to a key ring");
        fileOfRing(add);
        secret(add);
        add.addArgument("--activate")
                .action(Arguments.storeTrue())
                .help("make it the active key; with several nodes, first give all of them the ring with the new key");
        Subparser activate = actions.addParser("activate").help("make a key of the ring the active one");
        fileOfRing(activate);
        activate.addArgument("key").help("the id of the key");
        actions.addParser("used")
                .help("count what needs each key, and print which keys may be removed")
                .addArgument("file")
                .help("the settings file of a server");
    }

    private static void fileOfRing(Subparser parser) {
        parser.addArgument("ring").help("the file of the key ring");
    }

    private static void secret(Subparser parser) {
        parser.addArgument("--barbican")
                .metavar("UUID")
                .help("the key is this secret in Barbican, which the service user may read; without it, a random key is"
                        + " written to the ring");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        switch (arguments.getString("action")) {
            case "make" -> make(arguments);
            case "add" -> add(arguments);
            case "activate" -> activate(arguments);
            default -> used(bootstrap, arguments.getString("file"));
        }
    }

    private void make(Namespace arguments) throws IOException {
        Path file = Path.of(arguments.getString("ring"));
        String id = newId();
        try {
            KeyRingFile.create(file, new Ring(id, Map.of(id, key(arguments))));
        } catch (FileAlreadyExistsException there) {
            throw new IOException(file + " is there already, and is not overwritten", there);
        }
        out.println(file + " has the key " + id + ", which is active. It belongs to "
                + Files.getOwner(file).getName() + "; the user of the service must own it. Keep a copy of it elsewhere:"
                + " without the key, what is encrypted with it is lost");
    }

    private void add(Namespace arguments) throws IOException {
        Path file = Path.of(arguments.getString("ring"));
        String id = newId();
        Ring more = KeyRingFile.read(file).with(id, key(arguments));
        boolean activate = arguments.getBoolean("activate");
        KeyRingFile.replace(file, activate ? more.activate(id) : more);
        out.println("added " + id + (activate ? ", which is active" : ", which is not active") + ". Keep a copy of "
                + file + " elsewhere");
    }

    private void activate(Namespace arguments) throws IOException {
        Path file = Path.of(arguments.getString("ring"));
        Ring ring = KeyRingFile.read(file).activate(arguments.getString("key"));
        KeyRingFile.replace(file, ring);
        out.println(ring.active() + " is active. What other keys wrapped is wrapped with it by the job key-rotation");
    }

    private static RingKey key(Namespace arguments) {
        return Optional.ofNullable(arguments.getString("barbican"))
                .map(id -> new RingKey(RingKey.Place.BARBICAN, id))
                .orElseGet(KeysCommand::randomKey);
    }

    private static RingKey randomKey() {
        byte[] secret = new byte[WrappingKey.LENGTH];
        RANDOM.nextBytes(secret);
        return RingKey.of(secret);
    }

    /** The day, so that an operator sees how old a key is, and some random digits. */
    private static String newId() {
        byte[] digits = new byte[3];
        RANDOM.nextBytes(digits);
        return LocalDate.now(ZoneOffset.UTC) + "-" + HexFormat.of().formatHex(digits);
    }

    private void used(Bootstrap<?> bootstrap, String file) throws Exception {
        T settings = SettingsReader.read(bootstrap, type, file);
        Path path = ring.apply(settings)
                .orElseThrow(() -> new IOException(file + " names no key ring (encryption.keyRing)"));
        Ring read = KeyRingFile.read(path);
        try (CommandDatabase opened = CommandDatabase.open(database.apply(settings))) {
            new KeyUse(
                            new MariaDbSealedRows(opened.database()),
                            Files.getLastModifiedTime(path).toInstant(),
                            Clock.systemUTC(),
                            out)
                    .print(read);
        }
    }

    @Override
    public void onError(Cli cli, Namespace arguments, Throwable thrown) {
        out.flush();
        Diagnosis.print(cli, "pataka cannot work on the keys", thrown);
    }
}
