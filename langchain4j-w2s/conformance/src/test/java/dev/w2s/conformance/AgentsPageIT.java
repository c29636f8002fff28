// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import dev.w2s.GuideScoringModel;
import dev.w2s.ScoreGuardrail;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.guidance.GuidancePair;
import dev.w2s.guidance.ResponseScorer;
import dev.w2s.prompt.Prompt;
import dev.w2s.testkit.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The snippets of the page on agents compile, and work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentsPageIT {
  private static final Path SOURCE = Path.of("src/test/java/dev/w2s/conformance/AgentsPageIT.java");

  private GuidancePair kind;

  @BeforeAll
  void load() {
    kind = GuidancePair.load("embedded:movie-reviews/tuned", "embedded:movie-reviews/untuned");
  }

  @AfterAll
  void close() {
    kind.close();
  }

  // snippet starts
  public interface Critic {
    @Agent("Says what a movie is like")
    @UserMessage("How was {{movie}}?")
    String review(@V("movie") String movie);
  }

  // snippet ends

  public interface Assistant {
    String chat(String message);
  }

  /** Says one text after the other, from the first again behind the last. */
  private static ChatModel saying(String... texts) {
    AtomicInteger calls = new AtomicInteger();
    return new ChatModel() {
      @Override
      public ChatResponse doChat(ChatRequest request) {
        String text = texts[calls.getAndIncrement() % texts.length];
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
      }
    };
  }

  private static Critic guidedAgent(ChatModel anyChatModel, GuidancePair kind) {
    // snippet starts
    ChatModel guided = WeakToStrongChatModel.builder().delegate(anyChatModel).pair(kind).build();
    Critic first =
        AgenticServices.agentBuilder(Critic.class).chatModel(guided).outputKey("first").build();
    // snippet ends
    return first;
  }

  private static UntypedAgent panel(Critic first, Critic second, GuidancePair kind) {
    // snippet starts
    ResponseScorer scorer = new ResponseScorer(kind, /* ended= */ true);
    UntypedAgent panel =
        AgenticServices.sequenceBuilder()
            .subAgents(
                first,
                second,
                AgenticServices.agentAction(
                    scope ->
                        scope.writeState(
                            "review",
                            scorer.best(
                                Prompt.of("How was " + scope.readState("movie", "") + "?"),
                                List.of(
                                    scope.readState("first", ""), scope.readState("second", ""))))))
            .outputKey("review")
            .build();
    // snippet ends
    return panel;
  }

  private static List<Double> reranked(GuidancePair kind, List<TextSegment> segments) {
    // snippet starts
    ScoringModel scoring = new GuideScoringModel(kind);
    List<Double> scores = scoring.scoreAll(segments, "This movie was").content();
    // snippet ends
    return scores;
  }

  private static Assistant guarded(ChatModel anyChatModel, GuidancePair kind) {
    // snippet starts
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(anyChatModel)
            .outputGuardrails(new ScoreGuardrail(kind, 0.0, "Please say it more kindly."))
            .build();
    // snippet ends
    return assistant;
  }

  @Test
  void aGuidedAgentAndAStepThatPicksByScore() {
    Critic first =
        guidedAgent(saying("It was awful and boring.", "It was bad.", "It was dull."), kind);
    Critic second =
        AgenticServices.agentBuilder(Critic.class)
            .chatModel(saying("It was wonderful, I loved it!"))
            .outputKey("second")
            .build();
    Object review = panel(first, second, kind).invoke(Map.of("movie", "Heat"));
    assertThat(review).isEqualTo("It was wonderful, I loved it!");
  }

  @Test
  void aGuideRanksTexts() {
    List<TextSegment> segments =
        List.of(TextSegment.from(" a terrible waste."), TextSegment.from(" a great delight."));
    List<Double> scores = reranked(kind, segments);
    assertThat(scores.get(1)).isGreaterThan(scores.get(0));
  }

  @Test
  void aGuardrailAsksAgain() {
    String kindly =
        "This is a wonderful film with great actors and beautiful music, one of the best. I loved"
            + " every minute of it and I highly recommend it to everyone!";
    Assistant assistant = guarded(saying("It was awful. I hated it.", kindly), kind);
    assertThat(assistant.chat("How was the movie?")).isEqualTo(kindly);
  }

  @Test
  void thePageHoldsThem() throws IOException {
    Snippets.assertHeld(SOURCE, Path.of("../docs/agents.md"));
  }
}
