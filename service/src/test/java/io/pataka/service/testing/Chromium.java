package io.pataka.service.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Debian's Chromium without a window, driven by its <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools protocol</a>.
 * It has a profile of its own, and knows no hosts but those that the test names.
 */
public final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS = 60;

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger commands = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final BlockingQueue<JsonNode> loads = new LinkedBlockingQueue<>();

    /**
     * Starts it, and waits until it takes commands.
     *
     * @param folder for its profile and what it says; it is empty
     * @param port of 127.0.0.1, to which the hosts lead on port 80
     * @param hosts names; {@code *} stands for any text
     */
    public Chromium(Path folder, int port, List<String> hosts) throws Exception {
        StringBuilder rules = new StringBuilder();
        for (String host : hosts) {
            rules.append("MAP ")
                    .append(host)
                    .append(":80 127.0.0.1:")
                    .append(port)
                    .append(", ");
        }
        Path profile = folder.resolve("profile");
        ProcessBuilder builder = new ProcessBuilder(
                        "/usr/bin/chromium",
                        "--headless=new",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--host-resolver-rules=" + rules + "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        // Root may not use Chromium's sandbox. All pages are the test's own.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-features=HttpsUpgrades",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TMPDIR", folder.toString());
        process = builder.start();
        try {
            Path active = profile.resolve("DevToolsActivePort");
            Eventually.holds(
                    "Chromium takes commands",
                    () -> Files.exists(active) && Files.readAllLines(active).size() == 2);
            List<String> address = Files.readAllLines(active);
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + address.get(0) + address.get(1)), new Answers())
                    .get(SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            end();
            throw e;
        }
    }

    /** Opens a new, empty tab. */
    public Tab tab() throws Exception {
        String target = call(
                        null, "Target.createTarget", JSON.createObjectNode().put("url", "about:blank"))
                .get("targetId")
                .asText();
        String session = call(
                        null,
                        "Target.attachToTarget",
                        JSON.createObjectNode().put("targetId", target).put("flatten", true))
                .get("sessionId")
                .asText();
        call(session, "Page.enable", JSON.createObjectNode());
        return new Tab(session);
    }

    /** A tab of the browser. */
    public final class Tab {

        private final String session;

        private Tab(String session) {
            this.session = session;
        }

        /** Opens an address as a user does, and waits until the page and what it contains are loaded. */
        public void open(String url) throws Exception {
            loads.clear();
            JsonNode answer =
                    call(session, "Page.navigate", JSON.createObjectNode().put("url", url));
            if (answer.has("errorText")) {
                throw new IOException(url + ": " + answer.get("errorText").asText());
            }
            awaitLoad();
        }

        /** Runs a script that leads to another page, such as a click, and waits until that is loaded. */
        public void follow(String script) throws Exception {
            loads.clear();
            evaluate(script);
            awaitLoad();
        }

        private void awaitLoad() throws Exception {
            JsonNode event;
            do {
                event = loads.poll(SECONDS, TimeUnit.SECONDS);
                if (event == null) {
                    throw new IOException("the page was not loaded in " + SECONDS + " s");
                }
            } while (!event.path("sessionId").asText().equals(session));
        }

        /**
         * The value of an expression of the page, as text. A promise is awaited.
         *
         * @throws IOException if the expression throws, or its promise is rejected
         */
        public String evaluate(String expression) throws Exception {
            JsonNode answer = call(
                    session,
                    "Runtime.evaluate",
                    JSON.createObjectNode()
                            .put("expression", expression)
                            .put("awaitPromise", true)
                            .put("returnByValue", true));
            if (answer.has("exceptionDetails")) {
                throw new IOException(
                        answer.at("/exceptionDetails/exception/description").asText());
            }
            return answer.at("/result/value").asText();
        }

        /** The status with which the server answered for the page, after redirects. */
        public int status() throws Exception {
            return Integer.parseInt(evaluate("performance.getEntriesByType('navigation')[0].responseStatus"));
        }

        /** What the page looks like, as PNG. */
        public byte[] screenshot() throws Exception {
            return Base64.getDecoder()
                    .decode(call(session, "Page.captureScreenshot", JSON.createObjectNode())
                            .get("data")
                            .asText());
        }
    }

    private JsonNode call(String session, String method, ObjectNode parameters) throws Exception {
        int id = commands.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
        command.set("params", parameters);
        if (session != null) {
            command.put("sessionId", session);
        }
        socket.sendText(command.toString(), true).get(SECONDS, TimeUnit.SECONDS);
        JsonNode answered = answer.get(SECONDS, TimeUnit.SECONDS);
        if (answered.has("error")) {
            throw new IOException(method + ": " + answered.get("error"));
        }
        return answered.get("result");
    }

    /** Gets the messages of the browser, which may come in parts. */
    private final class Answers implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                try {
                    take(JSON.readTree(message.toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                message.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(JsonNode read) {
            if (read.has("id")) {
                answers.remove(read.get("id").asInt()).complete(read);
            } else if (read.path("method").asText().equals("Page.loadEventFired")) {
                loads.add(read);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        end();
    }

    /** Ends the browser and its processes, so that nothing writes into its folder any more. */
    private void end() throws InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
