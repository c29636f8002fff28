// SPDX-License-Identifier: Apache-2.0
package dev.w2s.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.w2s.console.terminal.JLineConsole;
import dev.w2s.testkit.ChatServer;
import dev.w2s.testkit.ChatWorld;
import dev.w2s.testkit.ChatWorld.Temperament;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program on a terminal of JLine's, with its line discipline, typed at. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class TerminalTest {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";
  private static final String ENTER = "\r";
  private static final String ALT_ENTER = "\u001b\r";
  private static final String UP = "\u001b[A";
  private static final String GREEN = "\u001b[32m";
  private static final String ANSWER = "It was good, and the end was even better than that.";

  @TempDir private Path directory;
  private Typist typist;

  @BeforeEach
  void sit() throws Exception {
    typist = new Typist();
  }

  private CompletableFuture<Integer> start(String url, String type, String... more) {
    List<String> args = new ArrayList<>(List.of("--base-url=" + url, "--base-model=m"));
    args.addAll(List.of("-W1", "-K2", "-L3", "--guard=off"));
    args.addAll(List.of(more));
    Host host =
        new Host(
            Map.<String, String>of()::get,
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            (options, environment, commands) -> {
              ExternalTerminal terminal =
                  new ExternalTerminal("test", type, typist.keyboard(), typist.screen(), UTF_8);
              terminal.setSize(Size.of(60, 24));
              return new JLineConsole(terminal, !options.noColor(), options.history(), commands);
            });
    return CompletableFuture.supplyAsync(() -> Main.run(host, args.toArray(String[]::new)));
  }

  private static ChatWorld world() {
    return new ChatWorld(ANSWER, new Random(1), Temperament.CONTINUES);
  }

  private void leave(CompletableFuture<Integer> running) throws Exception {
    typist.type(CTRL_D);
    assertThat(running.get(1, TimeUnit.MINUTES)).isZero();
  }

  @Test
  void ctrlCStopsTheAnswerAndNotTheProgram() throws Exception {
    ChatWorld world = world();
    try (HaltingServer server = new HaltingServer(world, 8)) {
      CompletableFuture<Integer> running = start(server.url(), "ansi");
      typist.readUntil("> ");
      typist.type("How?" + ENTER);
      typist.readUntil(GREEN + "It");
      typist.type(CTRL_C);
      typist.readUntil("stopped, ");
      typist.readUntil("> ");
      typist.type("/off" + ENTER);
      typist.readUntil("not guided");
      typist.readUntil("> ");
      typist.type("And?" + ENTER);
      typist.readUntil("than that.");
      typist.readUntil("unguided, ");
      typist.readUntil("> ");
      leave(running);
    }
    assertThat(world.requests())
        .last(STRING)
        .as("what was shown of the stopped answer is remembered")
        .containsPattern(
            "\"assistant\",\"content\":\"It[^}]*},\\{\"role\":\"user\",\"content\":\"And");
  }

  @Test
  void ctrlCAtThePromptClearsTheLine() throws Exception {
    ChatWorld world = world();
    try (ChatServer server = new ChatServer(world)) {
      CompletableFuture<Integer> running = start(server.url(), "ansi");
      typist.readUntil("> ");
      typist.type("never" + CTRL_C);
      typist.readUntil("> ");
      typist.type("/off" + ENTER);
      typist.readUntil("not guided");
      typist.readUntil("> ");
      typist.type("How?" + ALT_ENTER + "And \\" + ENTER + "why?" + ENTER);
      typist.readUntil("unguided, ");
      typist.readUntil("> ");
      leave(running);
    }
    assertThat(world.requests())
        .allSatisfy(request -> assertThat(request).doesNotContain("never"))
        .anySatisfy(request -> assertThat(request).contains("How?\\nAnd \\nwhy?"));
  }

  @Test
  void theHistoryComesBackAndIsKept() throws Exception {
    Path history = directory.resolve("history");
    try (ChatServer server = new ChatServer(world())) {
      CompletableFuture<Integer> running =
          start(server.url(), "ansi", "--history=" + history, "--no-color");
      typist.readUntil("> ");
      typist.type("/beam 2 2 2" + ENTER);
      assertThat(typist.readUntil("beam W=2 K=2 L=2")).doesNotContain("\u001b[2m");
      typist.readUntil("> ");
      typist.type("/bea\t" + CTRL_C); // completed, and cleared
      typist.readUntil("/beam");
      typist.readUntil("> ");
      typist.type(UP + ENTER);
      typist.readUntil("beam W=2 K=2 L=2");
      typist.readUntil("> ");
      leave(running);
    }
    assertThat(Files.readString(history)).contains("/beam 2 2 2");
  }

  @Test
  void aDumbTerminalHasNoColours() throws Exception {
    try (ChatServer server = new ChatServer(world())) {
      CompletableFuture<Integer> running = start(server.url(), "dumb");
      typist.readUntil("> ");
      typist.type("How?" + ENTER);
      assertThat(typist.readUntil("score ")).contains("It was good").doesNotContain("\u001b[");
      typist.readUntil("> ");
      leave(running);
    }
  }
}
