// SPDX-License-Identifier: Apache-2.0
package dev.w2s.chatbot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The chatbot in a process of its own, which can be killed. */
final class ChatbotProcess implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

  private final Process process;
  private final int port;

  private ChatbotProcess(String... command) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of(command));
    all.add("--port=0");
    process = new ProcessBuilder(all).redirectErrorStream(true).start();
    BufferedReader lines = process.inputReader(UTF_8);
    String line = lines.readLine();
    while (line != null && !PORT.matcher(line).find()) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("the chatbot has ended before it had a port");
    }
    Matcher matcher = PORT.matcher(line);
    matcher.find();
    port = Integer.parseInt(matcher.group(1));
  }

  /** Of the classes under test, with an argument more. */
  static ChatbotProcess start(String argument) throws IOException {
    return new ChatbotProcess(
        "-cp", System.getProperty("java.class.path"), ChatbotApplication.class.getName(), argument);
  }

  /** As a user starts it. */
  static ChatbotProcess startJar() throws IOException {
    return new ChatbotProcess("-jar", "target/chatbot.jar");
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** At once, and without a word. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
