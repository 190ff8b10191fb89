package io.pataka.service.secrets;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A value in a file of YAML, or of JSON, which is YAML as well. All texts are read as they are written: {@code 01} is no number. Every fault
 * is an {@link InvalidSecretFileException} with the line.
 */
public final class SecretYaml {

    private final Path file;
    private final Node node;
    private final String entry;

    private SecretYaml(Path file, Node node, String entry) {
        this.file = file;
        this.node = node;
        this.entry = entry;
    }

    /**
     * Reads a file.
     *
     * @return empty when it has comments only
     * @throws InvalidSecretFileException when it cannot be read or is not YAML
     */
    public static Optional<SecretYaml> read(Path file) {
        try (Reader text = Files.newBufferedReader(file)) {
            return Optional.ofNullable(new Yaml(new SafeConstructor(new LoaderOptions())).compose(text))
                    .map(root -> new SecretYaml(file, root, ""));
        } catch (MarkedYAMLException notYaml) {
            int line = notYaml.getProblemMark() == null
                    ? 1
                    : notYaml.getProblemMark().getLine() + 1;
            throw new InvalidSecretFileException(file + ", line " + line + ": this is not YAML");
        } catch (YAMLException | CharacterCodingException notYaml) {
            throw new InvalidSecretFileException(file + ": this is not YAML in UTF-8");
        } catch (NoSuchFileException absent) {
            throw new InvalidSecretFileException(file + " does not exist");
        } catch (AccessDeniedException denied) {
            throw new InvalidSecretFileException(file + " may not be read by the user of the service");
        } catch (IOException unreadable) {
            throw new InvalidSecretFileException(
                    file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }

    /**
     * The values of a list. Faults in them name their number.
     *
     * @param what names the list in a fault
     */
    public List<SecretYaml> list(String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong(what + " is not a list");
        }
        List<SecretYaml> values = new ArrayList<>();
        for (Node value : sequence.getValue()) {
            values.add(new SecretYaml(file, value, entry.isEmpty() ? ", entry " + (values.size() + 1) : entry));
        }
        return values;
    }

    /**
     * The values of a mapping that has these fields and no others.
     *
     * @param what names the mapping in a fault
     * @param known in the order in which a fault lists them
     */
    public Map<String, SecretYaml> fields(String what, String... known) {
        Set<String> names = Set.of(known);
        Map<String, SecretYaml> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : tuples(what)) {
            // The fault does not quote an unknown name, which may be a misplaced secret.
            String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (!names.contains(name)) {
                throw at(tuple.getKeyNode()).wrong(what + " has the fields " + Arrays.asList(known) + " and no others");
            }
            if (fields.put(name, at(tuple.getValueNode())) != null) {
                throw at(tuple.getKeyNode()).wrong(name + " stands here twice");
            }
        }
        return fields;
    }

    /**
     * The values of a mapping whose names the writer of the file chose. Faults in them name their number.
     *
     * @param what names the mapping in a fault
     */
    public Map<String, SecretYaml> entries(String what) {
        Map<String, SecretYaml> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : tuples(what)) {
            String number = ", entry " + (entries.size() + 1);
            SecretYaml name = new SecretYaml(file, tuple.getKeyNode(), number);
            if (entries.put(name.text("a name"), new SecretYaml(file, tuple.getValueNode(), number)) != null) {
                throw name.wrong("an earlier entry has this name, too");
            }
        }
        return entries;
    }

    private List<NodeTuple> tuples(String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(what + " is not a mapping");
        }
        return mapping.getValue();
    }

    /**
     * A field that must be there.
     *
     * @param fields of this mapping
     */
    public SecretYaml required(Map<String, SecretYaml> fields, String name) {
        SecretYaml value = fields.get(name);
        if (value == null) {
            throw wrong(name + " is missing");
        }
        return value;
    }

    /**
     * The text, which is not empty.
     *
     * @param what names the text in a fault
     */
    public String text(String what) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
            throw wrong(what + " is not a text or is empty");
        }
        return scalar.getValue();
    }

    /**
     * A fault of this value, to throw.
     *
     * @param why without the value
     */
    public InvalidSecretFileException wrong(String why) {
        int line = node.getStartMark().getLine() + 1;
        return new InvalidSecretFileException(file + ", line " + line + entry + ": " + why);
    }

    private SecretYaml at(Node other) {
        return new SecretYaml(file, other, entry);
    }

    /** Without the value. */
    @Override
    public String toString() {
        return file + ", line " + (node.getStartMark().getLine() + 1) + entry;
    }
}
