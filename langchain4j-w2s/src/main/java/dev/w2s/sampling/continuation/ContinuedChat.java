// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.continuation;

import dev.w2s.sampling.calls.Refusals;
import dev.w2s.sampling.calls.ServedCandidates;
import dev.w2s.sampling.calls.ServedModel;
import dev.w2s.sampling.continuation.ChatEndpoint.Ask;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.Completions.Choice;
import dev.w2s.server.Completions.Finish;
import dev.w2s.server.Completions.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chat model, and what has been found out about how it goes on with an answer. Before the first
 * search a short answer is drawn and given back in each way, until one is seen to go on; what is
 * refused, or begins a new answer instead, is never tried again, with one warning. Safe for use by
 * several threads.
 */
public final class ContinuedChat {
  private static final Logger LOG = LoggerFactory.getLogger(ContinuedChat.class);

  /** Tokens of an answer that is drawn to find out how the model goes on. */
  private static final int AUDITION = 8;

  private final ServedModel model;
  private final Continuation wanted;
  private final AtomicInteger fallbacks = new AtomicInteger();
  private volatile @Nullable Seam known;

  /**
   * @param wanted {@link Continuation#AUTO}, or the first way to try
   */
  public ContinuedChat(ServedModel model, Continuation wanted) {
    this.model = model;
    this.wanted = wanted;
  }

  /** The model, and what else has been found out about it. */
  public ServedModel model() {
    return model;
  }

  /** How often a way was found not to go on. */
  public int fallbacks() {
    return fallbacks.get();
  }

  /** Whether it has been found to answer in whole responses alone. */
  public boolean answersWhole() {
    Seam seam = known;
    return seam != null && seam.way() == Continuation.WHOLE;
  }

  /**
   * How the model goes on.
   *
   * @param ask asks, and counts what it costs
   */
  public Seam seam(ChatEndpoint endpoint, Function<Ask, Answer> ask) {
    Seam seam = known;
    if (seam != null) {
      return seam;
    }
    synchronized (this) {
      seam = known;
      if (seam == null) {
        seam = audition(endpoint.ways(), ask);
      }
      return seam;
    }
  }

  private Seam audition(List<Continuation> all, Function<Ask, Answer> ask) {
    List<Continuation> ways = ways(all);
    if (isTaken(ways.get(0))) {
      return remember(new Seam(ways.get(0), false), List.of());
    }
    Begun begun = begin(ask);
    if (begun == null) {
      // It answered with nothing that could be given back, so nothing was learnt.
      return new Seam(Continuation.WHOLE, false);
    }
    List<String> failed = new ArrayList<>();
    for (Continuation way : ways) {
      if (isTaken(way)) {
        return remember(new Seam(way, false), failed);
      }
      String why = "it began a new answer";
      try {
        Answer answer = ask.apply(new Ask(begun.text(), way, 1, AUDITION, null));
        Boolean goesOn = begun.goesOn(answer);
        if (Boolean.TRUE.equals(goesOn) || (goesOn == null && way == wanted)) {
          return remember(new Seam(way, begun.isRepeated(answer)), failed);
        }
        why = goesOn == null ? "nothing tells whether it does" : why;
      } catch (RuntimeException e) {
        if (!Refusals.isRefusal(e)) {
          throw e;
        }
        why = String.valueOf(e.getMessage());
      }
      failed.add(way + ": " + why);
    }
    return remember(new Seam(Continuation.WHOLE, false), failed);
  }

  /** One that was asked for comes first; an instruction only then. */
  private List<Continuation> ways(List<Continuation> all) {
    Stream<Continuation> first = all.stream().filter(way -> way == wanted);
    Stream<Continuation> others =
        all.stream().filter(way -> way != wanted && way != Continuation.INSTRUCTION);
    return Stream.concat(first, others).toList();
  }

  /** Nothing can tell whether these work. */
  private static boolean isTaken(Continuation way) {
    return way == Continuation.INSTRUCTION || way == Continuation.WHOLE;
  }

  private Seam remember(Seam seam, List<String> failed) {
    if (!failed.isEmpty()) {
      fallbacks.addAndGet(failed.size());
      LOG.warn("{} goes on with its answers by {}, not by {}", model, seam.way(), failed);
    }
    known = seam;
    return seam;
  }

  /** Null if the answer is empty. */
  private static @Nullable Begun begin(Function<Ask, Answer> ask) {
    Answer answer = ask.apply(new Ask("", Continuation.WHOLE, 1, AUDITION, null));
    Choice choice = answer.choices().get(0).get(0);
    String text = choice.text();
    String sure = text.substring(0, ServedCandidates.wholeCharacters(text)).stripTrailing();
    boolean full = choice.finish() == Finish.LENGTH;
    int drawn = full || answer.usage() == null ? 0 : answer.usage().completion();
    return sure.isBlank() ? null : new Begun(sure, answer.usage(), full ? AUDITION : drawn);
  }

  /**
   * An answer that is given back.
   *
   * @param text of it
   * @param usage of the request that brought it
   * @param tokens of it at most; 0 where they are not known
   */
  private record Begun(String text, @Nullable Usage usage, int tokens) {

    /**
     * A closed turn adds its markers to the prompt, and those of a new one; a begun answer adds its
     * own tokens. Null where nothing tells.
     */
    @Nullable Boolean goesOn(Answer answer) {
      Usage now = answer.usage();
      int more = usage == null || now == null ? 0 : now.prompt() - usage.prompt();
      if (tokens > 0 && 2 * more >= tokens) {
        return more <= tokens;
      }
      return isRepeated(answer) ? true : null;
    }

    boolean isRepeated(Answer answer) {
      String said = answer.choices().get(0).get(0).text();
      return said.startsWith(text) || said.startsWith(text.stripLeading());
    }
  }
}
