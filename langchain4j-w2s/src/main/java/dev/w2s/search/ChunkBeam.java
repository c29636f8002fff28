// SPDX-License-Identifier: Apache-2.0
package dev.w2s.search;

/**
 * Chunk-level beam search (Zhou et al. 2024, "Weak-to-Strong Search", arXiv 2405.19262, section on
 * chunk-level beam search).
 *
 * <ol>
 *   <li>Round one draws W·K continuations of the empty response, each later round K of every open
 *       hypothesis in the beam, of at most L tokens each.
 *   <li>Closed hypotheses compete on with the score they have; they are not extended, copied or
 *       rescored.
 *   <li>The W best of all are kept, earlier draws first among equals; with a {@link Guard} those
 *       that it chooses, and one that it chooses several times is continued as many times.
 *   <li>The search is finished when every kept hypothesis is closed.
 * </ol>
 *
 * <p>W = 1 with unlimited L is best-of-K. W = K = 1 is plain sampling: there is nothing to choose.
 *
 * <p>With a commit lag, each round also drops from the beam what does not go on from the text that
 * the best hypothesis had that many tokens ago, by whole chunks. So the text of the beam is settled
 * so far behind its head, which a reader of a stream sees sooner; what is lost is a hypothesis that
 * would have come from behind. With lag 0 the best one alone is kept.
 *
 * @param beamWidth W, hypotheses kept after each round
 * @param successors K, continuations drawn for each kept hypothesis; round one draws W·K
 * @param chunkLength L, most tokens of the large model in one continuation, or {@link
 *     SearchSettings#UNLIMITED}
 * @param commitLag tokens behind the end of the best hypothesis at which the beam commits to its
 *     text, or {@link SearchSettings#UNLIMITED} for never
 */
public record ChunkBeam(int beamWidth, int successors, int chunkLength, int commitLag)
    implements SearchMethod {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if a number is below 1 (the lag: below 0), or
   *     beamWidth·successors above {@link SearchSettings#MAX_DRAWS}; the message names the argument
   *     and its value
   */
  public ChunkBeam {
    SearchSettings.requireAtLeastOne("beamWidth", beamWidth);
    SearchSettings.requireAtLeastOne("successors", successors);
    SearchSettings.requireAtLeastOne("chunkLength", chunkLength);
    long draws = (long) beamWidth * successors;
    if (draws > SearchSettings.MAX_DRAWS) {
      throw new IllegalArgumentException(
          "beamWidth * successors is %d * %d = %d, must be at most %d"
              .formatted(beamWidth, successors, draws, SearchSettings.MAX_DRAWS));
    }
    if (commitLag < 0) {
      throw new IllegalArgumentException("commitLag is " + commitLag + ", must be at least 0");
    }
  }

  /**
   * Without commitment.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public ChunkBeam(int beamWidth, int successors, int chunkLength) {
    this(beamWidth, successors, chunkLength, SearchSettings.UNLIMITED);
  }

  /** W, K, L = 4, 4, 5, the paper's for sentiment and summarization. */
  public static ChunkBeam defaults() {
    return new ChunkBeam(4, 4, 5);
  }

  /**
   * Best-of-N: the best of n whole responses.
   *
   * @param n number of responses to choose from
   * @throws IllegalArgumentException if n is out of range
   */
  public static ChunkBeam bestOf(int n) {
    return new ChunkBeam(1, n, SearchSettings.UNLIMITED);
  }

  /** Draws of the first round, W·K. */
  public int draws() {
    return beamWidth * successors;
  }

  @Override
  public SearchStrategy start(Guard guard) {
    return new ChunkBeamStrategy(this, guard);
  }

  @Override
  public boolean hasChoice() {
    return draws() > 1;
  }
}
