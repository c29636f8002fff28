// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.WeakToStrongChatModel;
import dev.w2s.guidance.RewardModel.Input;
import dev.w2s.model.Golden;
import dev.w2s.model.ModelDirectory;
import dev.w2s.model.ModelReference;
import dev.w2s.model.OpenNatives;
import dev.w2s.model.SequenceClassifier;
import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.Safetensors.Tensor;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Prompt.Conversation;
import dev.w2s.prompt.Turn;
import dev.w2s.search.Candidate;
import dev.w2s.search.Candidate.Status;
import dev.w2s.search.CandidateScorer;
import dev.w2s.search.PositionsExhaustedException;
import dev.w2s.testkit.ScriptedChatModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are transformers' log-probabilities of the labels, in golden/classifier.json. */
class RewardModelTest {
  private static final String GOLD = "embedded:movie-reviews/gold";

  @TempDir private Path directory;

  private static RewardModel load(String reference, String label, Input input) {
    return RewardModel.load(reference, label, input, Golden.CPU_FLOAT32);
  }

  private static double score(RewardModel model, Prompt prompt, String text, Status status) {
    try (CandidateScorer scorer = model.open(prompt)) {
      return scorer.score(List.of(new Candidate(text, 1, status)))[0];
    }
  }

  /** Log-odds of the second of two labels. */
  private static double logOdds(JsonNode row) {
    List<Double> nats = Golden.numbers(row.get("logprobs"));
    return nats.get(1) - nats.get(0);
  }

  private static List<JsonNode> golden() {
    return Golden.rows("classifier.json", "classifications", "gold")
        .filter(row -> row.get("text").asText().length() > 1)
        .toList();
  }

  @Test
  void theScoreIsTheLabelsLogOdds() {
    try (RewardModel positive = load(GOLD, "POSITIVE", Input.PROMPT_AND_RESPONSE);
        RewardModel negative = load(GOLD, "NEGATIVE", Input.PROMPT_AND_RESPONSE);
        RewardModel alone = load(GOLD, "POSITIVE", Input.RESPONSE)) {
      assertThat(golden()).isNotEmpty();
      for (JsonNode row : golden()) {
        String text = row.get("text").asText();
        Prompt prompt = Prompt.of(text.substring(0, 1));
        String response = text.substring(1);
        double expected = logOdds(row);
        assertThat(score(positive, prompt, response, Status.OPEN))
            .isCloseTo(expected, within(1e-3));
        assertThat(score(negative, prompt, response, Status.OPEN))
            .isCloseTo(-expected, within(1e-3));
        assertThat(score(alone, Prompt.of("Awful"), text, Status.ENDED))
            .isCloseTo(expected, within(1e-3));
      }
    }
  }

  /**
   * Of several labels the log-odds are those of one against all others, {@code ln(p / (1 - p))}.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void ofSeveralLabelsOneIsScoredAgainstAllOthers(int label) {
    String reference = Golden.reference("gpt2-classifier");
    String name = List.of("negative", "neutral", "positive").get(label);
    try (RewardModel model = load(reference, name, Input.RESPONSE)) {
      Golden.rows("classifier.json", "classifications", "gpt2-classifier")
          .filter(row -> !row.get("text").asText().isEmpty())
          .forEach(
              row -> {
                double nats = row.get("logprobs").get(label).asDouble();
                String text = row.get("text").asText();
                assertThat(score(model, Prompt.of("x"), text, Status.OPEN))
                    .isCloseTo(nats - Math.log1p(-Math.exp(nats)), within(1e-3));
              });
    }
  }

  @Test
  void itWorksOnTheDeviceOfItsModel() {
    try (RewardModel model = load(GOLD, "POSITIVE", Input.RESPONSE);
        CandidateScorer scorer = model.open(Prompt.of("x"))) {
      assertThat(model.model().summary().device()).isEqualTo("cpu");
      assertThat(scorer)
          .isInstanceOfSatisfying(
              OnDevice.class, placed -> assertThat(placed.device()).isEqualTo("cpu"));
    }
  }

  @Test
  void textsThatGrowAreScoredAsAfresh() {
    try (RewardModel model = RewardModel.load(GOLD, "POSITIVE");
        CandidateScorer grown = model.open(Prompt.of("This movie"))) {
      String one = " was great";
      String other = " was dull";
      grown.score(
          List.of(new Candidate(one, 1, Status.OPEN), new Candidate(other, 1, Status.OPEN)));
      long before = grown.tokensRun();
      double[] scores =
          grown.score(
              List.of(
                  new Candidate(one + ", and long.", 2, Status.OPEN),
                  new Candidate(one + ", but long.", 2, Status.OPEN)));
      assertThat(grown.tokensRun() - before).isBetween(2L, 10L);
      assertThat(scores[0])
          .isCloseTo(
              score(model, Prompt.of("This movie"), one + ", and long.", Status.OPEN),
              within(1e-4));
      assertThat(scores[1])
          .isCloseTo(
              score(model, Prompt.of("This movie"), one + ", but long.", Status.OPEN),
              within(1e-4));
    }
  }

  /**
   * Elsewhere the first ending token, which is the padding token too, was taken for the end of the
   * text.
   */
  @Test
  void anEndingTokenInsideTheTextIsNotItsEnd() {
    String end = "<|endoftext|>";
    String text = " was great." + end + " No, it was awful and dull.";
    try (RewardModel model = load(GOLD, "POSITIVE", Input.PROMPT_AND_RESPONSE);
        SequenceClassifier whole = SequenceClassifier.load(GOLD, Golden.CPU_FLOAT32)) {
      Prompt prompt = Prompt.of("This movie");
      double score = score(model, prompt, text, Status.OPEN);
      Map<String, Double> labels = whole.logProbabilities("This movie" + text);
      assertThat(score)
          .isCloseTo(labels.get("POSITIVE") - labels.get("NEGATIVE"), within(1e-3))
          .isLessThan(score(model, prompt, " was great." + end, Status.OPEN) - 1);
    }
  }

  /** Elsewhere it depended on the padding that longer ones beside it brought. */
  @Test
  void aScoreDoesNotDependOnTheOthersOfItsBatch() {
    try (RewardModel model = load(GOLD, "POSITIVE", Input.PROMPT_AND_RESPONSE);
        CandidateScorer scorer = model.open(Prompt.of("This movie"))) {
      List<Candidate> batch =
          Stream.of(" was", " was great, and long, and I saw it twice.", "", " is")
              .map(text -> new Candidate(text, 1, Status.OPEN))
              .toList();
      double[] together = scorer.score(batch);
      for (int i = 0; i < together.length; i++) {
        assertThat(together[i])
            .isCloseTo(
                score(model, Prompt.of("This movie"), batch.get(i).text(), Status.OPEN),
                within(1e-4));
      }
    }
  }

  /** A head of two rows is two models of one output each, whose difference is the log-odds. */
  @Test
  void aSingleOutputIsTakenAsItIs() {
    try (RewardModel first = load(row(0), null, Input.PROMPT_AND_RESPONSE);
        RewardModel second = load(row(1), null, Input.PROMPT_AND_RESPONSE)) {
      for (JsonNode golden : golden()) {
        String text = golden.get("text").asText();
        Prompt prompt = Prompt.of(text.substring(0, 1));
        double difference =
            score(second, prompt, text.substring(1), Status.OPEN)
                - score(first, prompt, text.substring(1), Status.OPEN);
        assertThat(difference).isCloseTo(logOdds(golden), within(1e-3));
      }
    }
  }

  private String row(int row) {
    Path target = directory.resolve("row" + row);
    ModelDirectory.copyOf(ModelReference.parse(GOLD).resolve(), target)
        .config("id2label", "{\"0\": \"REWARD\"}")
        .config("label2id", "{\"REWARD\": 0}")
        .weights(
            weights ->
                weights.change(
                    "score.weight",
                    head -> {
                      byte[] bytes = head.bytes();
                      int half = bytes.length / 2;
                      return new Tensor(
                          head.type(),
                          List.of(1L, head.shape().get(1)),
                          Arrays.copyOfRange(bytes, row * half, (row + 1) * half));
                    }));
    return target.toString();
  }

  @Test
  void aConversationIsReadPlainlyOrThroughTheTemplate() {
    Conversation asked =
        new Conversation(List.of(new Turn("system", "Be kind."), new Turn("user", "How was it?")));
    Path templated = directory.resolve("templated");
    ModelDirectory.copyOf(ModelReference.parse(GOLD).resolve(), templated)
        .edit(
            "tokenizer_config.json",
            json ->
                json.put(
                    "chat_template",
                    "{% for m in messages %}[{{ m.role }}] {{ m.content }}.{% endfor %}"));
    try (RewardModel plain = load(GOLD, "POSITIVE", Input.PROMPT_AND_RESPONSE);
        RewardModel alone = load(GOLD, "POSITIVE", Input.RESPONSE);
        RewardModel template = load(templated.toString(), "POSITIVE", Input.TEMPLATE)) {
      assertThat(score(plain, asked, "Fun", Status.OPEN))
          .isCloseTo(
              read(alone, "System: Be kind.\n\nUser: How was it?\n\nAssistant: Fun"), within(1e-4));
      String shown = "[system] Be kind..[user] How was it?.[assistant] Fun";
      assertThat(score(template, asked, "Fun", Status.OPEN) - unspecial(templated, shown))
          .isCloseTo(0, within(1e-4));
      assertThat(score(template, asked, "Fun", Status.ENDED) - unspecial(templated, shown + "."))
          .isCloseTo(0, within(1e-4));
      Prompt raw = Prompt.of("How was it?");
      assertThat(
              score(template, raw, "Fun", Status.OPEN)
                  - unspecial(templated, "[user] How was it?.[assistant] Fun"))
          .isCloseTo(0, within(1e-4));
    }
  }

  private static double read(RewardModel alone, String text) {
    return score(alone, Prompt.of("x"), text, Status.OPEN);
  }

  /** Through a template that shows the response alone, and so without special tokens. */
  private double unspecial(Path templated, String text) {
    Path bare = directory.resolve("bare");
    if (!bare.toFile().exists()) {
      ModelDirectory.copyOf(templated, bare)
          .edit(
              "tokenizer_config.json",
              json -> json.put("chat_template", "{{ messages[-1].content }}"));
    }
    try (RewardModel model = load(bare.toString(), "POSITIVE", Input.TEMPLATE)) {
      return score(model, Prompt.of("x"), text, Status.OPEN);
    }
  }

  @Test
  void guidesASearchBesideOthersAndIsClosed() {
    OpenNatives before = OpenNatives.onCpu();
    ChatModel large = ScriptedChatModel.saying("Awful, boring.", "Lovely, great fun.", "Dull.");
    try (RewardModel positive = load(GOLD, "POSITIVE", Input.PROMPT_AND_RESPONSE)) {
      ChatModel guided =
          WeakToStrongChatModel.builder()
              .delegate(large)
              .guide("positive", positive, 1)
              .guide("brief", Guide.of((prompt, text) -> -text.length()), 0.01)
              .build();
      assertThat(guided.chat("How was it?")).isEqualTo("Lovely, great fun.");
      assertThat(OpenNatives.onCpu().caches()).isEqualTo(before.caches());
    }
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }

  @Test
  void anEmptyResponseIsNoReasonToStop() {
    try (RewardModel alone = load(GOLD, "POSITIVE", Input.RESPONSE);
        CandidateScorer scorer = alone.open(Prompt.of("x"))) {
      Candidate empty = new Candidate("", 0, Status.OPEN);
      assertThat(scorer.score(List.of(empty))).containsExactly(0);
      double[] scores = scorer.score(List.of(empty, new Candidate("Great fun", 2, Status.OPEN)));
      assertThat(scores[0]).isZero();
      assertThat(scores[1])
          .isCloseTo(score(alone, Prompt.of("y"), "Great fun", Status.OPEN), within(1e-4));
    }
  }

  @Test
  void aTextThatIsTooLongIsNotScored() {
    try (RewardModel model = RewardModel.load(GOLD, "POSITIVE");
        CandidateScorer scorer = model.open(Prompt.of("x"))) {
      String tooLong = " very".repeat(2000);
      double[] scores =
          scorer.score(
              List.of(
                  new Candidate(tooLong, 1, Status.OPEN), new Candidate(" ok", 1, Status.OPEN)));
      assertThat(scores[0]).isNaN();
      assertThat(scores[1]).isFinite();
      assertThatThrownBy(() -> scorer.score(List.of(new Candidate(tooLong, 1, Status.OPEN))))
          .isInstanceOf(PositionsExhaustedException.class);
    }
  }

  @Test
  void namesWhatIsNoReward() {
    OpenNatives before = OpenNatives.onCpu();
    assertThatThrownBy(() -> RewardModel.load(GOLD, "HAPPY"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "label is HAPPY; reward model embedded:movie-reviews/gold has the labels [NEGATIVE,"
                + " POSITIVE], one of which must be named");
    assertThatThrownBy(() -> RewardModel.load(GOLD, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label is null");
    assertThatThrownBy(() -> load(GOLD, "POSITIVE", Input.TEMPLATE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no chat template");
    assertThatThrownBy(() -> RewardModel.load("embedded:movie-reviews/base", "POSITIVE"))
        .isInstanceOf(InvalidModelException.class);
    assertThat(OpenNatives.onCpu().models()).isEqualTo(before.models());
  }
}
