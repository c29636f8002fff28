// SPDX-License-Identifier: Apache-2.0
package dev.w2s;

import static java.util.Objects.requireNonNull;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.input.PromptTemplate;
import dev.langchain4j.model.output.FinishReason;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.ResponseScorer;
import dev.w2s.local.Conversations;
import dev.w2s.prompt.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output guardrail that asks again where an answer's score by a guide is too low. The guide sees
 * the conversation of the service's memory, or the user's message where there is none. Answers that
 * call tools pass, and so does, with a warning, one that the guide cannot score. The end of an
 * answer counts unless its length was cut.
 *
 * <p>How often it is asked again is a matter of LangChain4j's {@code OutputGuardrailsConfig}. The
 * guide stays the caller's, who closes it.
 */
public final class ScoreGuardrail implements OutputGuardrail {
  private static final Logger LOG = LoggerFactory.getLogger(ScoreGuardrail.class);

  private final Guide guide;
  private final double atLeast;
  private final String reprompt;

  /**
   * Of a guide.
   *
   * @param guide to be closed by the caller, after the last call
   * @param atLeast the lowest score that passes, in the guide's units, nats for a pair
   * @param reprompt what the model is told when it is asked again
   * @throws IllegalArgumentException if the threshold is NaN, or there are no words to ask with
   */
  public ScoreGuardrail(Guide guide, double atLeast, String reprompt) {
    this.guide = requireNonNull(guide, "guide");
    if (Double.isNaN(atLeast)) {
      throw new IllegalArgumentException("atLeast is NaN; it must be a number");
    }
    if (reprompt.isBlank()) {
      throw new IllegalArgumentException("reprompt is blank; it must tell the model what to do");
    }
    this.atLeast = atLeast;
    this.reprompt = reprompt;
  }

  @Override
  public OutputGuardrailResult validate(OutputGuardrailRequest request) {
    AiMessage answer = request.responseFromLLM().aiMessage();
    if (answer.text() == null || answer.hasToolExecutionRequests()) {
      return success();
    }
    boolean ended = request.responseFromLLM().finishReason() != FinishReason.LENGTH;
    Prompt prompt = prompt(request.requestParams(), answer);
    double score = new ResponseScorer(guide, ended).score(prompt, List.of(answer.text()))[0];
    if (Double.isNaN(score)) {
      LOG.warn("an answer of {} characters is too long to be scored", answer.text().length());
      return success();
    }
    return score >= atLeast
        ? success()
        : reprompt(
            String.format(Locale.ROOT, "score is %.3f; it must be at least %s", score, atLeast),
            reprompt);
  }

  private static Prompt prompt(GuardrailRequestParams params, AiMessage answer) {
    ChatMemory memory = params.chatMemory();
    if (memory == null || memory.messages().isEmpty()) {
      String asked =
          PromptTemplate.from(params.userMessageTemplate()).apply(params.variables()).text();
      return Conversations.ofTexts(List.of(UserMessage.from(asked)));
    }
    List<ChatMessage> messages = new ArrayList<>(memory.messages());
    if (messages.get(messages.size() - 1).equals(answer)) {
      messages.remove(messages.size() - 1);
    }
    return Conversations.ofTexts(messages);
  }
}
