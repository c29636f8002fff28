// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The state of one {@link ChunkBeamSearch}. Used once, by one thread. */
final class SearchRun {

  /** What makes two candidates the same hypothesis: only an ended one has an EOS probability. */
  private record Identity(String text, boolean ended) {}

  private static final Comparator<ScoredCandidate> BEST_FIRST =
      Comparator.comparingDouble(ScoredCandidate::score).reversed();

  private final SearchSettings settings;
  private final SearchListener listener;
  private final LongSupplier nanoClock;
  private final CandidateSampler sampler;
  private final CandidateScorer scorer;
  private final long startNanos;

  private final List<Round> rounds = new ArrayList<>();
  private List<ScoredCandidate> beam = List.of();
  private long sampledTokens;
  private long scoredTokens;

  SearchRun(
      SearchSettings settings,
      SearchListener listener,
      LongSupplier nanoClock,
      CandidateSampler sampler,
      CandidateScorer scorer) {
    this.settings = settings;
    this.listener = listener;
    this.nanoClock = nanoClock;
    this.sampler = sampler;
    this.scorer = scorer;
    this.startNanos = nanoClock.getAsLong();
  }

  SearchResult run() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted before the first round");
    }
    while (true) {
      Round round;
      try {
        round = playRound();
      } catch (RuntimeException failure) {
        if (beam.isEmpty()) {
          throw failure;
        }
        return result(reasonOf(failure), failure);
      }
      rounds.add(round);
      beam = round.kept();
      listener.onRound(round);
      StopReason reason = reasonToStop(round.usage());
      if (reason != null) {
        return result(reason, null);
      }
    }
  }

  private Round playRound() {
    List<DrawRequest> requests = requests();
    long beforeSampling = nanoClock.getAsLong();
    List<Candidate> drawn = draw(requests);
    Duration sampling = since(beforeSampling);

    List<ScoredCandidate> carried =
        beam.stream().filter(hypothesis -> !hypothesis.candidate().isOpen()).toList();
    List<Candidate> fresh = withoutDuplicates(drawn, carried);
    // Nothing is fresh if every draw repeats a closed hypothesis.
    boolean consulted = settings.isGuided() && !fresh.isEmpty();
    long beforeScoring = nanoClock.getAsLong();
    List<ScoredCandidate> scored = consulted ? score(fresh) : unscored(fresh);
    Duration scoring = consulted ? since(beforeScoring) : Duration.ZERO;

    List<ScoredCandidate> all = new ArrayList<>(carried);
    all.addAll(scored);
    // A stable sort: among equal scores the earlier draw stays first.
    List<ScoredCandidate> kept =
        all.stream().sorted(BEST_FIRST).limit(settings.beamWidth()).toList();
    return new Round(
        rounds.size() + 1, all, kept, carried.size(), drawn.size(), sampling, scoring, usage());
  }

  private List<DrawRequest> requests() {
    if (beam.isEmpty()) {
      return List.of(request(Candidate.empty(), settings.beamWidth() * settings.successors()));
    }
    return beam.stream()
        .map(ScoredCandidate::candidate)
        .filter(Candidate::isOpen)
        .map(hypothesis -> request(hypothesis, settings.successors()))
        .toList();
  }

  private DrawRequest request(Candidate hypothesis, int draws) {
    // Positive: an open hypothesis has fewer than maxTokens tokens, or it would have been cut.
    // Unlimited stays unlimited, so that a sampler can recognise it in every round.
    int remaining =
        settings.maxTokens() == SearchSettings.UNLIMITED
            ? SearchSettings.UNLIMITED
            : settings.maxTokens() - hypothesis.tokens();
    return new DrawRequest(hypothesis, draws, Math.min(settings.chunkLength(), remaining));
  }

  private List<Candidate> draw(List<DrawRequest> requests) {
    List<List<Candidate>> answers = sampler.sample(requests);
    PortContracts.checkAnswers(requests, answers);
    List<Candidate> drawn = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      for (Candidate candidate : answers.get(i)) {
        sampledTokens += candidate.tokens() - requests.get(i).hypothesis().tokens();
        drawn.add(cutAtLimit(candidate));
      }
    }
    return drawn;
  }

  private Candidate cutAtLimit(Candidate candidate) {
    return candidate.isOpen() && candidate.tokens() >= settings.maxTokens()
        ? new Candidate(candidate.text(), candidate.tokens(), Candidate.Status.CUT)
        : candidate;
  }

  private static List<Candidate> withoutDuplicates(
      List<Candidate> drawn, List<ScoredCandidate> carried) {
    Set<Identity> seen = new HashSet<>();
    for (ScoredCandidate hypothesis : carried) {
      seen.add(identityOf(hypothesis.candidate()));
    }
    List<Candidate> fresh = new ArrayList<>();
    for (Candidate candidate : drawn) {
      if (seen.add(identityOf(candidate))) {
        fresh.add(candidate);
      }
    }
    return fresh;
  }

  private static Identity identityOf(Candidate candidate) {
    return new Identity(candidate.text(), candidate.ended());
  }

  private List<ScoredCandidate> score(List<Candidate> fresh) {
    CandidateScorer.Scores scores = scorer.score(List.copyOf(fresh));
    PortContracts.checkScores(fresh, scores);
    scoredTokens += scores.tokens();
    List<ScoredCandidate> scored = new ArrayList<>();
    for (int i = 0; i < fresh.size(); i++) {
      // Adding 0.0 turns -0.0 into 0.0, which would sort below it though the two are equal.
      scored.add(new ScoredCandidate(fresh.get(i), scores.nats().get(i) + 0.0));
    }
    return scored;
  }

  private static List<ScoredCandidate> unscored(List<Candidate> fresh) {
    return fresh.stream().map(candidate -> new ScoredCandidate(candidate, Double.NaN)).toList();
  }

  private @Nullable StopReason reasonToStop(Usage usage) {
    if (beam.stream().noneMatch(hypothesis -> hypothesis.candidate().isOpen())) {
      return reasonOf(beam.get(0).candidate().status());
    }
    if (Thread.currentThread().isInterrupted()) {
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

  private static StopReason reasonOf(Candidate.Status closed) {
    return switch (closed) {
      case ENDED -> StopReason.ENDED;
      case CUT -> StopReason.TOKEN_LIMIT;
      case POSITIONS -> StopReason.POSITIONS;
      case OPEN -> throw new AssertionError("an open hypothesis is no reason to stop");
    };
  }

  private static StopReason reasonOf(RuntimeException failure) {
    if (failure instanceof PositionsExhaustedException) {
      return StopReason.POSITIONS;
    }
    // A blocked sampler or scorer usually answers an interrupt with an exception of its own.
    boolean cancelled =
        failure instanceof CancellationException || Thread.currentThread().isInterrupted();
    return cancelled ? StopReason.CANCELLED : StopReason.FAILED;
  }

  private SearchResult result(StopReason reason, @Nullable RuntimeException failure) {
    return new SearchResult(beam, rounds, reason, usage(), failure);
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(nanoClock.getAsLong() - nanos);
  }

  private Usage usage() {
    return new Usage(sampledTokens, scoredTokens, sampler.calls());
  }
}
