// SPDX-License-Identifier: Apache-2.0
package dev.w2s.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.WeakToStrongLanguageModel;
import dev.w2s.local.LocalLanguageModel;
import dev.w2s.model.CausalModel;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.SamplingParameters;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.PromptFormat;
import dev.w2s.sampling.LanguageModelOptions;
import dev.w2s.sampling.LargeModel;
import dev.w2s.search.Cancellation;
import dev.w2s.search.SearchListener;
import dev.w2s.search.StopReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Searches one after the other, each with a kind of models and an ending. After each of them no
 * cache is open and no tensor left, or it is an error. Models stay open from search to search until
 * they are closed in the middle of one.
 */
final class Soak implements AutoCloseable {
  private static final SamplingParameters SAMPLING = new SamplingParameters(1, 50, 1, List.of());
  private static final int MAX_TOKENS = 12;
  private static final int CHUNK_LENGTH = 4;

  /** Of both ports, in a search to the limit. */
  private static final int CALLS = 2 * MAX_TOKENS / CHUNK_LENGTH;

  /** Most nanoseconds by which a cancellation comes behind the call that it is asked in. */
  private static final long LATE = 4_000_000;

  private static final String PROMPT = "a weak one, ";
  private static final String WORD = "very ";

  private final List<Kind> kinds;
  private final SplittableRandom random;
  private final OpenNatives before = OpenNatives.onCpu();
  private final Map<Kind, Stand> stands = new HashMap<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final ExecutorService canceller = Executors.newSingleThreadExecutor();

  /**
   * @param kinds each as often as it is to be drawn
   */
  Soak(List<Kind> kinds, long seed) {
    this.kinds = List.copyOf(kinds);
    random = new SplittableRandom(seed);
  }

  /** How searches ended so far, and how many. */
  Map<String, Integer> outcomes() {
    return outcomes;
  }

  /** What is open, and was opened so far, beyond what was open before. */
  OpenNatives natives() {
    OpenNatives now = OpenNatives.onCpu();
    return new OpenNatives(
        now.models() - before.models(),
        now.caches() - before.caches(),
        now.adapters() - before.adapters(),
        now.modelsSoFar() - before.modelsSoFar(),
        now.cachesSoFar() - before.cachesSoFar(),
        now.adaptersSoFar() - before.adaptersSoFar());
  }

  /** Searches with a kind and an ending that are drawn. */
  void search() {
    search(kinds.get(random.nextInt(kinds.size())), Ending.draw(random));
  }

  /** Searches with a kind of those that were given. */
  void search(Kind kind, Ending ending) {
    Stand stand = stands.computeIfAbsent(kind, Kind::open);
    String outcome = search(stand, ending);
    outcomes.merge(ending + " -> " + outcome, 1, Integer::sum);
    if (ending == Ending.MODELS_CLOSED) {
      stand.close(); // the search may have ended before it came to that
      stands.remove(kind);
    } else {
      assertThat(stand.causal()).as("%s, %s", kind.name(), ending).allSatisfy(Soak::assertNoTensor);
    }
    assertThat(natives().caches()).as("caches after %s, %s", kind.name(), ending).isZero();
  }

  private static void assertNoTensor(CausalModel model) {
    assertThat(OpenNatives.liveTensors(model)).as("tensors").isZero();
  }

  private String search(Stand stand, Ending ending) {
    Cancellation cancellation = new Cancellation();
    Watch watch = new Watch(1 + random.nextInt(CALLS), action(stand, ending, cancellation));
    try {
      StopReason reason =
          guided(stand, watch)
              .search(Prompt.of(prompt(stand, ending)), SearchListener.none(), cancellation)
              .stopReason();
      assertThat(ending.allows(reason)).as("%s, and it ended as %s", ending, reason).isTrue();
      return reason.toString();
    } catch (RuntimeException e) {
      if (!ending.allows(e)) {
        throw e;
      }
      return e.getClass().getSimpleName();
    }
  }

  private Runnable action(Stand stand, Ending ending, Cancellation cancellation) {
    long late = random.nextLong(LATE);
    return switch (ending) {
      case PORT_THROWS ->
          () -> {
            throw new Ending.Injected();
          };
      case CANCELLED ->
          () ->
              canceller.execute(
                  () -> {
                    LockSupport.parkNanos(late);
                    cancellation.cancel();
                  });
      case MODELS_CLOSED -> stand::close;
      case WHOLE, PROMPT_TOO_LONG, NO_ROOM -> () -> {};
    };
  }

  private WeakToStrongLanguageModel guided(Stand stand, Watch watch) {
    LargeModel large =
        LargeModel.of(
            new LocalLanguageModel(stand.large(), SAMPLING, MAX_TOKENS, null),
            new LanguageModelOptions(PromptFormat.raw(), null, null, null));
    return WeakToStrongLanguageModel.builder()
        .largeModel((prompt, request) -> watch.over(large.open(prompt, request)))
        .guide("guide", stand.guide(watch), 1)
        .beamWidth(2)
        .successors(2)
        .chunkLength(CHUNK_LENGTH)
        .maxTokens(MAX_TOKENS)
        .seed(random.nextLong())
        .build();
  }

  private static String prompt(Stand stand, Ending ending) {
    int positions = stand.large().summary().positions();
    return switch (ending) {
      case PROMPT_TOO_LONG -> WORD.repeat(positions + 1);
      case NO_ROOM -> {
        int tokens = stand.large().tokenizer().countTokens(WORD.repeat(positions));
        yield WORD.repeat((positions - CHUNK_LENGTH) * positions / tokens);
      }
      case WHOLE, PORT_THROWS, CANCELLED, MODELS_CLOSED -> PROMPT;
    };
  }

  /** Closes all models. */
  @Override
  public void close() {
    canceller.shutdown();
    stands.values().forEach(Stand::close);
    stands.clear();
  }
}
