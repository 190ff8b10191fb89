package io.pataka.service.cli;

import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** The argument {@code --first}, which bounds what a command prints. */
final class FirstArgument {

    private FirstArgument() {}

    /**
     * @param printed what is bounded, such as "lines"
     * @param standard the bound of a command without the argument
     */
    static void add(Subparser parser, String printed, int standard) {
        parser.addArgument("--first")
                .type(Integer.class)
                .setDefault(standard)
                .help("how many " + printed + " are printed at most; " + standard + " by default");
    }

    /**
     * @throws IllegalArgumentException when it is less than 1
     */
    static int of(Namespace arguments) {
        int first = arguments.getInt("first");
        if (first < 1) {
            throw new IllegalArgumentException("--first is " + first + ", must be 1 or more");
        }
        return first;
    }
}
