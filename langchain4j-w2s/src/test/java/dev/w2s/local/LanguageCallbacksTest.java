// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.output.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LanguageCallbacksTest {
  private final List<String> told = new ArrayList<>();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  /** Notes what it is told, and does something more. */
  private StreamingResponseHandler<String> handler(Consumer<String> then) {
    return new StreamingResponseHandler<>() {
      private void note(String what) {
        told.add(what);
        then.accept(what);
      }

      @Override
      public void onNext(String piece) {
        note(piece);
      }

      @Override
      public void onComplete(Response<String> response) {
        note("= " + response.content());
      }

      @Override
      public void onError(Throwable error) {
        note("! " + error.getMessage());
      }
    };
  }

  private void run(Consumer<String> then) {
    new LanguageCallbacks(handler(then), cancelled::get)
        .run(
            out -> {
              out.accept("a");
              out.accept("b");
              return Response.from("ab");
            });
  }

  @Test
  void piecesComeBeforeTheWhole() {
    run(what -> {});
    assertThat(told).containsExactly("a", "b", "= ab");
  }

  @Test
  void afterACancellationNothingIsTold() {
    run(what -> cancelled.set(true));
    assertThat(told).containsExactly("a");
    told.clear();
    new LanguageCallbacks(handler(what -> {}), cancelled::get)
        .run(
            out -> {
              throw new IllegalStateException("too late");
            });
    assertThat(told).isEmpty();
  }

  @Test
  void aStreamThatFailsIsToldOnce() {
    for (Throwable failure : List.of(new IllegalStateException("503"), new AssertionError("503"))) {
      told.clear();
      new LanguageCallbacks(handler(what -> {}), cancelled::get)
          .run(
              out -> {
                out.accept("a");
                if (failure instanceof Error error) {
                  throw error;
                }
                throw (RuntimeException) failure;
              });
      assertThat(told).containsExactly("a", "! 503");
    }
  }

  /** Also where the one that is told of a failure fails. */
  @Test
  void aCallbackThatFailsDoesNotEndTheStream() {
    run(
        what -> {
          throw new IllegalStateException("of " + what);
        });
    assertThat(told).containsExactly("a", "! of a", "b", "! of b", "= ab", "! of = ab");
  }
}
