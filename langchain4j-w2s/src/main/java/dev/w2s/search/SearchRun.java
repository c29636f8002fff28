// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The state of one {@link Search}. Used once, by one thread. */
final class SearchRun {

  private final SearchSettings settings;
  private final CheckedGuard guard;
  private final SearchStrategy strategy;
  private final LongSupplier nanoClock;
  private final CandidateSampler sampler;
  private final CandidateScorer scorer;
  private final SearchListener listener;
  private final Cancellation cancellation;
  private final long startNanos;

  private int rounds;
  private int lastId;
  private long dropped;
  private Usage lastUsage = Usage.NONE;

  SearchRun(
      SearchSettings settings,
      LongSupplier nanoClock,
      CandidateSampler sampler,
      CandidateScorer scorer,
      SearchListener listener,
      Cancellation cancellation) {
    this.settings = settings;
    this.guard = new CheckedGuard(settings.guard());
    this.strategy = settings.method().start(guard);
    this.nanoClock = nanoClock;
    this.sampler = sampler;
    this.scorer = scorer;
    this.listener = listener;
    this.cancellation = cancellation;
    this.startNanos = nanoClock.getAsLong();
  }

  SearchResult run() {
    List<DrawRequest> requests = ask();
    while (true) {
      Round round;
      try {
        round = playRound(requests);
        requests = ask();
      } catch (RuntimeException failure) {
        if (strategy.best().isEmpty()) {
          throw failure;
        }
        return result(reasonOf(failure), failure);
      }
      rounds = round.number();
      listener.onRound(round);
      StopReason reason = requests.isEmpty() ? reasonOfTheEnd() : reasonToStop(round.usage());
      if (reason != null) {
        return result(reason, null);
      }
    }
  }

  private List<DrawRequest> ask() {
    List<DrawRequest> requests = strategy.ask();
    Contracts.checkRequests(requests, strategy);
    return requests.stream().map(request -> request.within(settings.maxTokens())).toList();
  }

  private Round playRound(List<DrawRequest> requests) {
    List<Hypothesis> carried =
        strategy.best().stream().filter(hypothesis -> !hypothesis.isOpen()).toList();
    long beforeSampling = nanoClock.getAsLong();
    Draws draws = draw(requests, carried);
    Duration sampling = since(beforeSampling);

    // Nothing is new if every draw repeats a closed hypothesis.
    boolean consulted = settings.hasChoice() && !draws.fresh().isEmpty();
    long beforeScoring = nanoClock.getAsLong();
    List<Hypothesis> fresh = consulted ? score(draws.fresh()) : unscored(draws.fresh());
    Duration scoring = consulted ? since(beforeScoring) : Duration.ZERO;
    List<Hypothesis> told = new ArrayList<>(draws.repeated());
    told.addAll(fresh);
    int overruled = guard.overruled();
    strategy.tell(List.copyOf(told));
    Contracts.checkHeld(strategy);

    List<Hypothesis> candidates = new ArrayList<>(carried);
    candidates.addAll(fresh);
    Usage before = lastUsage;
    lastUsage = usage();
    return new Round(
        rounds + 1,
        candidates,
        strategy.best(),
        carried.size(),
        draws.number(),
        guard.overruled() - overruled,
        sampling,
        scoring,
        lastUsage,
        lastUsage.since(before));
  }

  private Draws draw(List<DrawRequest> requests, List<Hypothesis> carried) {
    List<List<Candidate>> answers = sampler.sample(requests);
    Contracts.checkAnswers(requests, answers);
    Draws draws = new Draws(carried);
    for (int i = 0; i < requests.size(); i++) {
      for (Candidate candidate : answers.get(i)) {
        draws.add(requests.get(i).from(), cutAtLimit(candidate));
      }
      dropped += requests.get(i).draws() - answers.get(i).size();
    }
    return draws;
  }

  private Candidate cutAtLimit(Candidate candidate) {
    return candidate.isOpen() && candidate.tokens() >= settings.maxTokens()
        ? candidate.cut()
        : candidate;
  }

  private List<Hypothesis> score(List<Draws.Draw> fresh) {
    List<Candidate> candidates = fresh.stream().map(Draws.Draw::candidate).toList();
    double[] nats = scorer.score(candidates);
    Contracts.checkScores(candidates, nats);
    List<Hypothesis> scored = new ArrayList<>();
    for (int i = 0; i < nats.length; i++) {
      if (Double.isNaN(nats[i])) {
        dropped += fresh.get(i).number();
      } else {
        // Adding 0.0 turns -0.0 into 0.0, which would sort below it though the two are equal.
        scored.add(fresh.get(i).scored(++lastId, nats[i] + 0.0));
      }
    }
    if (scored.isEmpty()) {
      throw new PositionsExhaustedException(
          "none of the round's %d candidates could be scored".formatted(nats.length));
    }
    return scored;
  }

  private List<Hypothesis> unscored(List<Draws.Draw> fresh) {
    return fresh.stream().map(draw -> draw.scored(++lastId, Double.NaN)).toList();
  }

  private StopReason reasonOfTheEnd() {
    return switch (strategy.best().get(0).candidate().status()) {
      case ENDED -> StopReason.ENDED;
      case CUT -> StopReason.TOKEN_LIMIT;
      case OUT_OF_POSITIONS -> StopReason.OUT_OF_POSITIONS;
      case OPEN -> StopReason.FINISHED;
    };
  }

  private @Nullable StopReason reasonToStop(Usage usage) {
    if (isCancelled()) {
      return StopReason.CANCELLED;
    }
    Budget budget = settings.budget();
    if (since(startNanos).compareTo(budget.time()) >= 0) {
      return StopReason.TIME_BUDGET;
    }
    if (usage.sampledTokens() >= budget.tokens()) {
      return StopReason.TOKEN_BUDGET;
    }
    return usage.calls() >= budget.calls() ? StopReason.CALL_BUDGET : null;
  }

  private StopReason reasonOf(RuntimeException failure) {
    if (failure instanceof PositionsExhaustedException) {
      return StopReason.OUT_OF_POSITIONS;
    }
    // A blocked sampler or scorer usually answers an interrupt with an exception of its own.
    boolean cancelled = failure instanceof CancellationException || isCancelled();
    return cancelled ? StopReason.CANCELLED : StopReason.FAILED;
  }

  private boolean isCancelled() {
    return cancellation.isCancelled() || Thread.currentThread().isInterrupted();
  }

  private SearchResult result(StopReason reason, @Nullable RuntimeException failure) {
    List<Hypothesis> held = strategy.best().stream().map(Hypothesis::released).toList();
    return new SearchResult(held, Math.max(1, rounds), reason, usage(), failure);
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(nanoClock.getAsLong() - nanos);
  }

  private Usage usage() {
    SamplingCost sampling = sampler.cost();
    long small = scorer.tokensRun() + sampling.steeringTokens();
    return new Usage(sampling.tokens(), small, sampling.calls(), dropped);
  }
}
