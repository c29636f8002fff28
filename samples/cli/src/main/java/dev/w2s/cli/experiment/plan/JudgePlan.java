// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.plan;

/** What tells how good a response is. */
public sealed interface JudgePlan {
  String name();

  /** In which units it answers. */
  String unit();

  /**
   * A reward model.
   *
   * @param perSentence whether it reads sentence by sentence, and the mean counts
   */
  record Reward(String name, ClassifierPlan model, boolean perSentence) implements JudgePlan {
    @Override
    public String unit() {
      return model.label() == null ? "reward" : "nats";
    }
  }

  /**
   * The log-ratio of a pair, which a search by that pair aims at.
   *
   * @param guide name of the pair among the guides
   */
  record LogRatio(String name, String guide) implements JudgePlan {
    @Override
    public String unit() {
      return "nats";
    }
  }

  /**
   * A chat model that is asked for a number from 1 to 10.
   *
   * @param question what the number is to tell
   */
  record Chat(String name, ServerPlan server, String question) implements JudgePlan {
    /** What is asked where the file says nothing else. */
    public static final String QUESTION =
        "How good is the response: does it do what the prompt asks for, in good language?";

    @Override
    public String unit() {
      return "points of 10";
    }
  }
}
