package io.pataka.service.access.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Text with wildcards: a star stands for any text, a question mark for any one character (one beyond the Basic Multilingual
 * Plane counts as two). Matching takes each run of text between two stars at its first place and never goes back. A run of up to 64
 * characters is compared at all its places at once, a longer one at 64 places of the text at once, so that a run of {@code m}
 * characters takes about {@code 1 + m/64} steps for each character of the text, whatever both are made of.
 */
final class Glob {

    private static final int STAR = -1;
    private static final int ANY = -2;
    private static final BitSet NOWHERE = new BitSet();

    /** The longest run whose places have a bit each in a {@code long}. */
    private static final int SHORT = 64;

    private final List<Run> runs;
    private final Run first;
    private final Run last;
    private final int minimum;

    private Glob(List<Run> runs) {
        this.runs = List.copyOf(runs);
        this.first = runs.get(0);
        this.last = runs.get(runs.size() - 1);
        this.minimum = runs.stream().mapToInt(Run::length).sum();
    }

    /** A pattern in which every star and question mark is a wildcard. */
    static Glob of(String text) {
        return new Builder().pattern(text).build();
    }

    boolean matches(String text) {
        if (runs.size() == 1) {
            return text.length() == minimum && first.isAt(text, 0);
        }
        int end = text.length() - last.length();
        if (text.length() < minimum || !first.isAt(text, 0) || !last.isAt(text, end)) {
            return false;
        }
        int from = first.length();
        for (int i = 1; i < runs.size() - 1; i++) {
            int at = runs.get(i).find(text, from, end);
            if (at < 0) {
                return false;
            }
            from = at + runs.get(i).length();
        }
        return true;
    }

    /** Whether some text matches that begins so and goes on for at least one character. */
    boolean matchesSomeLongerThan(String beginning) {
        int place = places(beginning).nextSetBit(0);
        return place >= 0 && place < length();
    }

    /** Whether some text matches that begins so, this very text included. */
    boolean matchesSomeFrom(String beginning) {
        return !places(beginning).isEmpty();
    }

    /** How many wildcards and characters there are. */
    private int length() {
        return minimum + runs.size() - 1;
    }

    /** The places in the pattern, counted in wildcards and characters, that reading the text can lead to. */
    private BitSet places(String text) {
        int[] tokens = tokens();
        BitSet here = new BitSet();
        enter(here, 0, tokens);
        for (int i = 0; i < text.length() && !here.isEmpty(); i++) {
            BitSet next = new BitSet();
            for (int place = here.nextSetBit(0);
                    place >= 0 && place < tokens.length;
                    place = here.nextSetBit(place + 1)) {
                if (tokens[place] == STAR) {
                    enter(next, place, tokens);
                } else if (tokens[place] == ANY || tokens[place] == text.charAt(i)) {
                    enter(next, place + 1, tokens);
                }
            }
            here = next;
        }
        return here;
    }

    /** A star may stand for nothing, so the place behind it is reached as well. */
    private static void enter(BitSet places, int place, int[] tokens) {
        int reached = place;
        places.set(reached);
        while (reached < tokens.length && tokens[reached] == STAR) {
            reached++;
            places.set(reached);
        }
    }

    private int[] tokens() {
        int[] tokens = new int[length()];
        int at = 0;
        for (int r = 0; r < runs.size(); r++) {
            Run run = runs.get(r);
            if (r > 0) {
                tokens[at++] = STAR;
            }
            for (int i = 0; i < run.length(); i++) {
                tokens[at++] = run.isAny(i) ? ANY : run.text.charAt(i);
            }
        }
        return tokens;
    }

    /** Puts a pattern together from patterns and from text that holds no wildcards, whatever it looks like. */
    static final class Builder {

        private final List<Run> runs = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final BitSet any = new BitSet();

        Builder pattern(String pattern) {
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                switch (c) {
                    case '*' -> endRun();
                    case '?' -> {
                        any.set(text.length());
                        text.append(c);
                    }
                    default -> text.append(c);
                }
            }
            return this;
        }

        Builder literal(String literal) {
            text.append(literal);
            return this;
        }

        private void endRun() {
            runs.add(new Run(text.toString(), any.isEmpty() ? NOWHERE : (BitSet) any.clone()));
            text.setLength(0);
            any.clear();
        }

        Glob build() {
            endRun();
            return new Glob(runs);
        }
    }

    /** Text between two stars, and where in it any character may stand. */
    private static final class Run {

        private final String text;
        private final BitSet any;

        /** The characters of a short run, sorted, and by character a bit for each place where it may stand. */
        private final char[] letters;

        private final long[] places;

        /** A bit for each place where any other character may stand. */
        private final long wild;

        Run(String text, BitSet any) {
            this.text = text;
            this.any = any;
            boolean isSearched = !any.isEmpty() && text.length() <= SHORT;
            this.wild = isSearched ? any.toLongArray()[0] : 0;
            this.letters = isSearched ? letters(text, any) : new char[0];
            this.places = new long[letters.length];
            for (int letter = 0; letter < letters.length; letter++) {
                places[letter] = wild;
                for (int i = 0; i < text.length(); i++) {
                    if (text.charAt(i) == letters[letter]) {
                        places[letter] |= 1L << i;
                    }
                }
            }
        }

        private static char[] letters(String text, BitSet any) {
            StringBuilder letters = new StringBuilder();
            IntStream.range(0, text.length())
                    .filter(i -> !any.get(i))
                    .map(text::charAt)
                    .sorted()
                    .distinct()
                    .forEach(letter -> letters.append((char) letter));
            return letters.toString().toCharArray();
        }

        int length() {
            return text.length();
        }

        boolean isAny(int i) {
            return any.get(i);
        }

        boolean isAt(String whole, int at) {
            if (any.isEmpty()) {
                return whole.startsWith(text, at);
            }
            for (int i = 0; i < text.length(); i++) {
                if (!any.get(i) && whole.charAt(at + i) != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        /** The first place from one index where the run ends no later than at another; -1 for none. */
        int find(String whole, int from, int end) {
            if (length() > SHORT) {
                return new Places(whole, from, end).first(this);
            }
            if (any.isEmpty()) {
                int at = whole.indexOf(text, from);
                return at + text.length() <= end ? at : -1;
            }
            // A bit for each beginning of the run that the text read so far ends with.
            long begun = 0;
            long complete = 1L << (length() - 1);
            for (int at = from; at < end; at++) {
                int letter = Arrays.binarySearch(letters, whole.charAt(at));
                begun = (begun << 1 | 1) & (letter < 0 ? wild : places[letter]);
                if ((begun & complete) != 0) {
                    return at - length() + 1;
                }
            }
            return -1;
        }
    }

    /** A stretch of text, and where in it each character stands. */
    private static final class Places {

        private final int from;
        private final int length;

        /** Characters below this are looked up in a table: those of one or two bytes in UTF-8. */
        private static final int TABLE = 0x800;

        /** By character, the last place where it stands, or -1. */
        private final int[] last = new int[TABLE];

        private final Map<Character, Integer> lastOfOthers = new HashMap<>();

        /** By place, the one before that has the same character, or -1. */
        private final int[] before;

        Places(String whole, int from, int end) {
            this.from = from;
            this.length = Math.max(0, end - from);
            this.before = new int[length];
            Arrays.fill(last, -1);
            for (int place = 0; place < length; place++) {
                char c = whole.charAt(from + place);
                before[place] = lastOf(c);
                if (c < TABLE) {
                    last[c] = place;
                } else {
                    lastOfOthers.put(c, place);
                }
            }
        }

        /** The index in the whole text of the first place where the run stands; -1 for none. */
        int first(Run run) {
            int count = length - run.length() + 1;
            if (count <= 0) {
                return -1;
            }
            // A bit for each place where the run may still begin. Each character of the run clears those where it does
            // not stand.
            long[] possible = new long[(count + 63) / 64];
            Arrays.fill(possible, -1);
            Map<Character, long[]> stands = new HashMap<>();
            for (int i = 0; i < run.length(); i++) {
                if (run.isAny(i)) {
                    continue;
                }
                long[] places = stands.computeIfAbsent(run.text.charAt(i), this::placesOf);
                boolean some = false;
                for (int word = 0; word < possible.length; word++) {
                    possible[word] &= shifted(places, word, i);
                    some |= possible[word] != 0;
                }
                if (!some) {
                    return -1;
                }
            }
            int begin = BitSet.valueOf(possible).nextSetBit(0);
            return begin < 0 || begin >= count ? -1 : from + begin;
        }

        private int lastOf(char c) {
            return c < TABLE ? last[c] : lastOfOthers.getOrDefault(c, -1);
        }

        private long[] placesOf(char c) {
            long[] places = new long[(length + 63) / 64];
            for (int place = lastOf(c); place >= 0; place = before[place]) {
                places[place / 64] |= 1L << place;
            }
            return places;
        }

        /** One word of the bits, moved down by some places. */
        private static long shifted(long[] bits, int word, int places) {
            int at = word + places / 64;
            int rest = places % 64;
            long low = at < bits.length ? bits[at] >>> rest : 0;
            long high = rest > 0 && at + 1 < bits.length ? bits[at + 1] << (64 - rest) : 0;
            return low | high;
        }
    }
}
