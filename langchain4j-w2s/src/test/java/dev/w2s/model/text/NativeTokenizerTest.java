// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.Golden;
import dev.w2s.model.files.ModelFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class NativeTokenizerTest {
  private static final int THREADS = 32;
  private static final String TEXT = "It was the best movie of the year. ".repeat(200);

  private static ModelTokenizer load() {
    return ModelTokenizer.load(ModelFolder.of(Golden.directory("gpt2-odd")), 300);
  }

  private static void assertClosed(ModelTokenizer tokenizer) {
    assertThatThrownBy(() -> tokenizer.encode("a", true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("tokenizer.json", "is closed");
    assertThatThrownBy(() -> tokenizer.decode(TokenIds.of(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(tokenizer::share)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void manyThreadsGetTheTokensThatOneGets() throws Exception {
    try (ModelTokenizer tokenizer = load()) {
      List<Callable<TokenIds>> calls = new ArrayList<>();
      List<TokenIds> expected = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        String text = TEXT.substring(i);
        expected.add(tokenizer.encode(text, true));
        calls.add(
            () -> {
              TokenIds tokens = tokenizer.encode(text, true);
              assertThat(tokenizer.decode(tokens)).isEqualTo(text);
              return tokens;
            });
      }
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<TokenIds>> tokens = threads.invokeAll(calls);
        for (int i = 0; i < THREADS; i++) {
          assertThat(tokens.get(i).get()).isEqualTo(expected.get(i));
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  /** Unguarded, the native code reads freed memory here and takes the JVM down. */
  @Test
  void aCallFinishesOrIsRefusedWhenAnotherThreadCloses() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int round = 0; round < 10; round++) {
        ModelTokenizer tokenizer = load();
        TokenIds expected = tokenizer.encode(TEXT, true);
        CountDownLatch busy = new CountDownLatch(THREADS);
        List<Future<String>> refusals = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          refusals.add(threads.submit(() -> encodeUntilRefused(tokenizer, expected, busy)));
        }
        busy.await();
        tokenizer.close();
        for (Future<String> refusal : refusals) {
          assertThat(refusal.get()).endsWith("is closed");
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String encodeUntilRefused(
      ModelTokenizer tokenizer, TokenIds expected, CountDownLatch busy) {
    busy.countDown();
    try {
      while (true) {
        assertThat(tokenizer.encode(TEXT, true)).isEqualTo(expected);
      }
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

  @Test
  void sharesLiveOnWhenOneIsClosed() {
    ModelTokenizer first = load();
    ModelTokenizer second = first.share();
    ModelTokenizer third = second.share();
    TokenIds expected = first.encode(TEXT, true);
    first.close();
    first.close();
    assertClosed(first);
    assertThat(second.encode(TEXT, true)).isEqualTo(expected);
    assertThat(second.vocabulary()).isEqualTo(third.vocabulary());
    assertThat(second.eosToken()).isEqualTo(third.eosToken()).isEqualTo(0);
    second.close();
    assertThat(third.encode(TEXT, true)).isEqualTo(expected);
    third.close();
    assertClosed(second);
    assertClosed(third);
  }
}
