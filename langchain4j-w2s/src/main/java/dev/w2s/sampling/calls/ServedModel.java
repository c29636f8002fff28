// SPDX-License-Identifier: Apache-2.0
package dev.w2s.sampling.calls;

import dev.w2s.sampling.calls.ParallelCalls.Outcome;
import dev.w2s.search.DrawRequest;
import dev.w2s.server.Completions.Answer;
import dev.w2s.server.ServerException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that is asked by requests, and what has been found out about it: how many choices of a
 * prompt, and how many prompts, it takes in one of them. What it refuses is asked for in smaller
 * pieces, then and ever after, with a warning. Safe for use by several threads.
 */
public final class ServedModel {
  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

  /** Among the parts of a batch, which are fewer. */
  private static final int WITHOUT_TOKENS = 500_000;

  private final String name;
  private final ParallelCalls calls;
  private final AtomicInteger mostChoices;
  private final AtomicInteger mostPrompts;
  private final AtomicBoolean tellsTokens;
  private final AtomicBoolean tokensCleared = new AtomicBoolean();
  private final AtomicInteger fallbacks = new AtomicInteger();

  /**
   * What a request may hold, as far as it is known beforehand.
   *
   * @param prompts most prompts
   * @param choices most choices of a prompt
   * @param tokens whether it may ask for tokens
   */
  public record Limits(int prompts, int choices, boolean tokens) {
    /** Of a completions endpoint: nothing is known yet. */
    public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, true);

    /** Of a chat endpoint: one conversation. */
    public static final Limits CONVERSATION = new Limits(1, Integer.MAX_VALUE, false);

    /** Of a chat model that is called: one answer. */
    public static final Limits CALL = new Limits(1, 1, false);
  }

  /**
   * Nothing else is known yet.
   *
   * @param name in messages: the address and the model
   * @param calls makes the requests
   */
  public ServedModel(String name, ParallelCalls calls, Limits limits) {
    this.name = name;
    this.calls = calls;
    mostPrompts = new AtomicInteger(limits.prompts());
    mostChoices = new AtomicInteger(limits.choices());
    tellsTokens = new AtomicBoolean(limits.tokens());
  }

  /**
   * What one request asks for.
   *
   * @param requests whose hypotheses are continued, all of as many draws and tokens
   * @param draws of each
   * @param number its own within the round
   */
  public record Batch(List<DrawRequest> requests, int draws, long number) {

    /** A part of it, with a number of its own. */
    Batch part(List<DrawRequest> some, int draws, int index) {
      return new Batch(some, draws, (number + 1) * 1_000_003L + index);
    }
  }

  /** A batch with its answer, which has as many choices of each prompt as the batch has draws. */
  public record Piece(Batch batch, Answer answer) {}

  /**
   * Asks for a round.
   *
   * @param endpoint asks for a batch, in one request
   * @param meter is told of every request
   * @return the pieces of each batch, or why there are none
   */
  public List<Outcome<List<Piece>>> ask(
      List<DrawRequest> round, Function<Batch, Answer> endpoint, CallMeter meter) {
    Asking asking = new Asking(endpoint, meter);
    return calls.map(batches(round), asking::pieces);
  }

  /** Prompts of as many draws and tokens go together, as far as the server is known to take it. */
  private List<Batch> batches(List<DrawRequest> round) {
    Map<List<Integer>, List<DrawRequest>> alike = new LinkedHashMap<>();
    for (DrawRequest request : round) {
      List<Integer> size = List.of(request.draws(), request.maxTokens());
      alike.computeIfAbsent(size, key -> new ArrayList<>()).add(request);
    }
    List<Batch> batches = new ArrayList<>();
    alike.forEach(
        (size, requests) -> {
          Batch all = new Batch(requests, size.get(0), batches.size());
          batches.addAll(parts(all, mostPrompts.get(), mostChoices.get()));
        });
    return batches;
  }

  private static List<Batch> parts(Batch batch, int mostPrompts, int mostChoices) {
    List<DrawRequest> requests = batch.requests();
    List<Batch> parts = new ArrayList<>();
    for (long from = 0; from < requests.size(); from += mostPrompts) {
      List<DrawRequest> some =
          requests.subList((int) from, (int) Math.min(from + mostPrompts, requests.size()));
      for (long done = 0; done < batch.draws(); done += mostChoices) {
        int draws = (int) Math.min(mostChoices, batch.draws() - done);
        parts.add(batch.part(some, draws, parts.size()));
      }
    }
    return parts;
  }

  /** One round's way of asking. */
  private final class Asking {
    private final Function<Batch, Answer> endpoint;
    private final CallMeter meter;
    private final int choicesBefore = mostChoices.get();
    private final int promptsBefore = mostPrompts.get();

    Asking(Function<Batch, Answer> endpoint, CallMeter meter) {
      this.endpoint = endpoint;
      this.meter = meter;
    }

    List<Piece> pieces(Batch batch) {
      try {
        return completed(batch, complete(batch));
      } catch (RuntimeException e) {
        if (!Refusals.isRefusal(e)) {
          throw e;
        }
        return afterRefusal(e, batch);
      }
    }

    /** It may not want to tell tokens; else it does not take so much at once. */
    private List<Piece> afterRefusal(RuntimeException refusal, Batch batch) {
      boolean smallest = batch.draws() == 1 && batch.requests().size() == 1;
      // Once it was something else, tokens are suspected again only where nothing else is left.
      if (tellsTokens.get() && (smallest || !tokensCleared.get())) {
        List<Piece> pieces = withoutTokens(batch, refusal);
        if (pieces != null) {
          return pieces;
        }
      }
      if (smallest) {
        // It was not for the number: a prompt that is too long, say.
        mostChoices.set(choicesBefore);
        mostPrompts.set(promptsBefore);
        throw refusal;
      }
      return smaller(batch, refusal);
    }

    /** Null if that is refused too. */
    private @Nullable List<Piece> withoutTokens(Batch batch, RuntimeException refusal) {
      tellsTokens.set(false);
      Batch again = batch.part(batch.requests(), batch.draws(), WITHOUT_TOKENS);
      Answer answer;
      try {
        answer = complete(again);
      } catch (ServerException e) {
        tellsTokens.set(true);
        tokensCleared.set(true);
        return null;
      }
      // What was learnt before may have been due to the tokens.
      mostChoices.set(Integer.MAX_VALUE);
      mostPrompts.set(Integer.MAX_VALUE);
      fallbacks.incrementAndGet();
      LOG.warn("{} does not tell tokens, so texts are continued: {}", name, refusal.getMessage());
      return completed(again, answer);
    }

    private Answer complete(Batch batch) {
      meter.call();
      return endpoint.apply(batch);
    }

    /** A server that ignores {@code n} is asked for the rest, and no more for so many. */
    private List<Piece> completed(Batch batch, Answer answer) {
      int given = answer.choices().get(0).size();
      List<Piece> pieces = List.of(new Piece(batch, answer));
      if (given == batch.draws()) {
        return pieces;
      }
      learn(mostChoices, given, "choices of a prompt", "it gave no more");
      Batch rest = batch.part(batch.requests(), batch.draws() - given, 0);
      return with(pieces, parts(rest, batch.requests().size(), given));
    }

    /**
     * Of a list one prompt is tried alone: if that is refused too, the number of choices is, or
     * asking for tokens.
     */
    private List<Piece> smaller(Batch batch, RuntimeException refusal) {
      if (batch.requests().size() == 1) {
        int half = batch.draws() / 2;
        learn(mostChoices, half, "choices of a prompt", refusal.getMessage());
        return with(List.of(), parts(batch, 1, half));
      }
      boolean hadTokens = tellsTokens.get();
      List<Piece> pieces = pieces(batch.part(batch.requests().subList(0, 1), batch.draws(), 0));
      boolean choicesAreToBlame = mostChoices.get() < batch.draws();
      boolean tokensAreToBlame = hadTokens && !tellsTokens.get();
      boolean listIsToBlame = !choicesAreToBlame && !tokensAreToBlame;
      int most = listIsToBlame ? batch.requests().size() / 2 : batch.requests().size();
      if (listIsToBlame) {
        learn(mostPrompts, most, "prompts", refusal.getMessage());
      }
      Batch rest =
          batch.part(batch.requests().subList(1, batch.requests().size()), batch.draws(), 1);
      return with(pieces, parts(rest, most, mostChoices.get()));
    }

    /** What is there already, and the parts; one that fails does not take the others with it. */
    private List<Piece> with(List<Piece> pieces, List<Batch> parts) {
      List<Outcome<List<Piece>>> outcomes = new ArrayList<>();
      if (!pieces.isEmpty()) {
        outcomes.add(new Outcome<>(pieces, null));
      }
      for (Batch part : parts) {
        try {
          outcomes.add(new Outcome<>(pieces(part), null));
        } catch (CancellationException e) {
          throw e;
        } catch (RuntimeException e) {
          outcomes.add(new Outcome<>(null, e));
        }
      }
      Outcome.requireSome(outcomes, "requests to " + name);
      return Outcome.values(outcomes).stream().flatMap(List::stream).toList();
    }

    /** Warns once of each kind; what is found out later is a matter of numbers. */
    private void learn(AtomicInteger most, int number, String what, @Nullable String why) {
      int before = most.getAndAccumulate(number, Math::min);
      if (before > number) {
        fallbacks.incrementAndGet();
        String message = "{} takes no more than {} {} in a request, as far as is known: {}";
        if (before == Integer.MAX_VALUE) {
          LOG.warn(message, name, number, what, why);
        } else {
          LOG.debug(message, name, number, what, why);
        }
      }
    }
  }

  /**
   * Whether the server is asked for tokens; not any more once it has refused a request for them.
   */
  public boolean tellsTokens() {
    return tellsTokens.get();
  }

  /** How often it was found that the server takes less in a request than was thought. */
  public int fallbacks() {
    return fallbacks.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
