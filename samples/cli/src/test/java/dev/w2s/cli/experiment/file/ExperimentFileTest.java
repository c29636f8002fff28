// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.w2s.cli.experiment.plan.BasePlan;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.plan.FluencyPlan;
import dev.w2s.cli.experiment.plan.GuidePlan;
import dev.w2s.cli.experiment.plan.JudgePlan;
import dev.w2s.cli.experiment.plan.Limits;
import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.cli.experiment.plan.MethodPlan.Sweep;
import dev.w2s.cli.experiment.plan.Sampling;
import dev.w2s.guidance.RewardModel.Input;
import dev.w2s.prompt.Prompt;
import dev.w2s.sampling.OpenAiCompatible.Api;
import dev.w2s.sampling.continuation.Continuation;
import dev.w2s.search.guard.TrustRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentFileTest {
  private static final String SOUND =
      """
      base: {model: embedded:movie-reviews/base}
      guides:
        pair: {tuned: embedded:movie-reviews/tuned, untuned: embedded:movie-reviews/untuned}
      judges:
        gold: {reward: embedded:movie-reviews/gold, label: POSITIVE}
      prompts: {list: [One, Two]}
      methods:
        - method: base
      """;

  @TempDir private Path directory;

  private Experiment read(String yaml) throws IOException {
    return ExperimentFile.read(Files.writeString(directory.resolve("e.yaml"), yaml));
  }

  /** What is wrong, without the name of the directory. */
  private List<String> faults(String yaml) {
    InvalidExperimentException e =
        catchThrowableOfType(InvalidExperimentException.class, () -> read(yaml));
    assertThat(e).as(yaml).isNotNull();
    return e.faults().stream().map(fault -> fault.replace(directory + "/", "")).toList();
  }

  private void assertFault(String yaml, String... faults) {
    assertThat(faults(yaml)).containsExactly(faults);
  }

  private static String with(String line, String other) {
    assertThat(SOUND).contains(line);
    return SOUND.replace(line, other);
  }

  @Test
  void defaultsAreThePapers() throws IOException {
    Experiment experiment = read(SOUND);
    assertThat(experiment.name()).isEqualTo("e");
    assertThat(experiment.seeds()).containsExactly(1L, 2L, 3L);
    assertThat(experiment.limits()).isEqualTo(new Limits(null, 10, null));
    assertThat(experiment.fluency()).isInstanceOf(FluencyPlan.Base.class);
    assertThat(experiment.prompts()).containsExactly(Prompt.of("One"), Prompt.of("Two"));
    MethodPlan base = experiment.baseline();
    assertThat(base.name()).isEqualTo("base");
    assertThat(base.sampling()).isEqualTo(new Sampling(null, null, null, 50, List.of()));
    assertThat(base.sweep()).isNull();
    GuidePlan.Pair pair = (GuidePlan.Pair) experiment.guides().get(0);
    assertThat(pair.weight()).isEqualTo(1);
    JudgePlan.Reward gold = (JudgePlan.Reward) experiment.judges().get(0);
    assertThat(gold.perSentence()).isFalse();
    assertThat(gold.model().input()).isEqualTo(Input.PROMPT_AND_RESPONSE);
  }

  @Test
  void everyKeyOfMethodsIsRead() throws IOException {
    Experiment experiment =
        read(
            with(
                "  - method: base\n",
                """
                  - {method: base, temperature: 0, top-k: 5, top-p: 0.5, max-tokens: 7, stop: [x]}
                  - {method: best-of-n, n: 3, guides: [pair], guard: 0.05}
                  - {method: cbs, w: 2, k: 3, l: 4, name: mine, guard: true}
                  - {method: alone, model: embedded:movie-reviews/tuned, system: "I loved it. "}
                sampling: {temperature: 0.9, max-tokens: 9}
                """));
    List<MethodPlan> methods = experiment.methods();
    assertThat(methods)
        .extracting(MethodPlan::name)
        .containsExactly(
            "base", "best-of-3 guarded 0.05", "mine", "alone embedded:movie-reviews/tuned");
    assertThat(methods.get(0).sampling()).isEqualTo(new Sampling(0.0, 5, 0.5, 7, List.of("x")));
    assertThat(methods.get(1).sampling()).isEqualTo(new Sampling(0.9, null, null, 9, List.of()));
    assertThat(methods.get(1).guides()).containsExactly("pair");
    assertThat(methods.get(1).guard()).isEqualTo(0.05);
    assertThat(methods.get(2).kind()).isEqualTo(new MethodPlan.Beam(2, 3, 4));
    assertThat(methods.get(2).guard()).isEqualTo(TrustRegion.DEFAULT_DIVERGENCE);
    assertThat(((MethodPlan.Alone) methods.get(3).kind()).model().view().system())
        .isEqualTo("I loved it. ");
  }

  @Test
  void listsMakeAMethodEach() throws IOException {
    List<MethodPlan> methods =
        read(SOUND
                + """
                        - {method: cbs, w: 4, k: 4, l: [1, 10]}
                        - {method: cbs, w: [1, 2], k: [16, 8], l: 5}
                        - {method: base, name: hot, temperature: [1, 1.5]}
                        - {method: cbs, w: [2, 2], k: 2, l: [5, 7], guard: [true, 0.05]}
                        - {method: best-of-n, n: 8, guard: [true, false]}
                      """)
            .methods();
    assertThat(methods)
        .extracting(MethodPlan::name)
        .containsExactly(
            "base",
            "CBS(4,4,1)",
            "CBS(4,4,10)",
            "CBS(1,16,5)",
            "CBS(2,8,5)",
            "hot temperature=1",
            "hot temperature=1.5",
            "CBS(2,2,5) guarded",
            "CBS(2,2,7) guarded 0.05",
            "best-of-8 guarded",
            "best-of-8");
    assertThat(methods.get(2).sweep()).isEqualTo(new Sweep("CBS(4,4,l)", "l", 10));
    assertThat(methods.get(3).sweep()).isEqualTo(new Sweep("CBS(w,k,5)", "w", 1));
    assertThat(methods.get(6).sweep()).isEqualTo(new Sweep("hot", "temperature", 1.5));
    assertThat(methods.get(7).sweep()).isEqualTo(new Sweep("CBS(w,2,l)", "l", 5));
    assertThat(methods.get(9).sweep()).isNull();
  }

  @Test
  void emulatedFineTuningIsByOnePairInThisProcess() throws IOException {
    String sound = with("- method: base", "- method: base\n  - {method: eft, beta: [0.25, 1]}");
    List<MethodPlan> methods = read(sound).methods();
    assertThat(methods).extracting(MethodPlan::name).containsExactly("base", "EFT(0.25)", "EFT(1)");
    assertThat(methods.get(1).kind()).isEqualTo(new MethodPlan.Eft(0.25));
    assertThat(methods.get(1).guides()).containsExactly("pair");
    assertThat(methods.get(1).sweep()).isEqualTo(new Sweep("EFT(beta)", "beta", 0.25));
    assertFault(
        sound.replace("[0.25, 1]", ".inf"),
        "e.yaml:9: methods[2].beta: '.inf'; must be a finite number");
    assertFault(
        sound.replace(", beta: [0.25, 1]", ", guard: true"),
        "e.yaml:9: methods[2].beta: is missing; must be there: how strongly the pair steers",
        "e.yaml:9: methods[2].guard: is not known here; the nearest key is guides");
    assertFault(
        sound.replace(
            "base: {model: embedded:movie-reviews/base}", "base: {url: http://h/v1, model: m}"),
        "e.yaml:9: methods[2].method: 'eft'; eft needs a base in this process");
  }

  @Test
  void aServedBaseAndItsJudges() throws IOException {
    Experiment experiment =
        read(
            """
            name: remote
            base: {url: "http://localhost:1/v1", model: m, api: chat, continuation: prefill}
            guides:
              words:
                tuned: embedded:movie-reviews/untuned
                tuned-system: "Good. "
                untuned-system: "Bad. "
                weight: 0.5
              liking: {reward: embedded:movie-reviews/gold, label: POSITIVE, input: response}
            judges:
              sentences: {reward: embedded:movie-reviews/gold, label: NEGATIVE, per: sentence}
              ratio: {log-ratio: words}
              critic: {url: "http://localhost:2/v1", model: j, question: "Is it true?"}
            fluency: {model: embedded:movie-reviews/base}
            prompts: {list: [How was it?], system: Be kind.}
            methods: [{method: base}]
            seeds: [7]
            limits: {prompts: 3, failures: 0, minutes: 1.5}
            """);
    BasePlan.Served base = (BasePlan.Served) experiment.base();
    assertThat(base.api()).isEqualTo(Api.CHAT);
    assertThat(base.continuation()).isEqualTo(Continuation.PREFILL);
    GuidePlan.Pair words = (GuidePlan.Pair) experiment.guides().get(0);
    assertThat(words.untuned()).isEqualTo(words.tuned());
    assertThat(words.untunedView().system()).isEqualTo("Bad. ");
    assertThat(((JudgePlan.Reward) experiment.judges().get(0)).perSentence()).isTrue();
    assertThat(experiment.judges().get(1)).isEqualTo(new JudgePlan.LogRatio("ratio", "words"));
    assertThat(((JudgePlan.Chat) experiment.judges().get(2)).question()).isEqualTo("Is it true?");
    assertThat(experiment.fluency()).isInstanceOf(FluencyPlan.Other.class);
    Prompt.Conversation asked = (Prompt.Conversation) experiment.prompts().get(0);
    assertThat(asked.turns()).extracting(turn -> turn.role()).containsExactly("system", "user");
    assertThat(experiment.limits()).isEqualTo(new Limits(3, 0, 1.5));
    assertThat(experiment.asked()).isEqualTo(1);
  }

  @Test
  void pathsGoOutFromTheFile() throws IOException {
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("data/p.txt"), "Hello\nWorld\n");
    Files.writeString(
        directory.resolve("data/p.jsonl"),
        "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}\n");
    assertThat(read(with("{list: [One, Two]}", "{file: data/p.txt}")).prompts())
        .containsExactly(Prompt.of("Hello"), Prompt.of("World"));
    assertThat(read(with("{list: [One, Two]}", "{file: data/p.jsonl}")).prompts().get(0))
        .isInstanceOf(Prompt.Conversation.class);
    assertThat(read(with("{list: [One, Two]}", "{file: data/p.txt, form: conversation}")).prompts())
        .hasOnlyElementsOfType(Prompt.Conversation.class);
  }

  /** Of YAML 1.2, and lines that end where lines end. */
  @Test
  void promptsAreWhatStandsThere() throws IOException {
    assertThat(read(with("{list: [One, Two]}", "{list: [no, Yes, on, '3', 'null']}")).prompts())
        .containsExactly(
            Prompt.of("no"), Prompt.of("Yes"), Prompt.of("on"), Prompt.of("3"), Prompt.of("null"));
    Files.writeString(directory.resolve("p.txt"), "One\u2028still\u0085one\r\nTwo\fstill");
    Files.writeString(directory.resolve("p.jsonl"), "{\"prompt\": \"One\u2028still\"}\n");
    assertThat(read(with("{list: [One, Two]}", "{file: p.txt}")).prompts())
        .containsExactly(Prompt.of("One\u2028still\u0085one"), Prompt.of("Two\fstill"));
    assertThat(read(with("{list: [One, Two]}", "{file: p.jsonl}")).prompts())
        .containsExactly(Prompt.of("One\u2028still"));
  }

  /** What the project brings is sound, and has the paper's settings. */
  @ParameterizedTest
  @CsvSource({
    "quick, 5, 300",
    "figure-3, 11, 300",
    "figure-4, 7, 300",
    "figure-5, 9, 300",
    "chat, 7, 40"
  })
  void theProjectsOwnFilesAreSound(String name, int methods, int prompts) {
    Experiment experiment =
        ExperimentFile.read(Path.of("../experiments/embedded").resolve(name + ".yaml"));
    assertThat(experiment.methods()).hasSize(methods);
    assertThat(experiment.prompts()).hasSize(prompts);
    assertThat(experiment.judges())
        .anyMatch(judge -> judge instanceof JudgePlan.Reward reward && reward.perSentence());
  }

  /** The lines of the file, in order, whatever was found first. */
  @Test
  void allFaultsAreToldAtOnce() {
    assertFault(
        """
        base: {modle: embedded:movie-reviews/base}
        guides:
          pair: {tuned: embedded:movie-reviews/tuned}
        judges:
          gold: {reward: embedded:movie-reviews/gold, label: GOOD}
        prompts: {file: nowhere.txt}
        methods:
          - method: cbs
            w: [4, 2]
            k: 4
            l: 0
          - {method: best-of-n, n: many}
        seeds: [1, 1]
        sampling: {temperature: hot, top-p: 2}
        seeds: [2]
        """,
        "e.yaml:1: base.model: is missing; must be the reference of a model (a path, hf:ORG/NAME or"
            + " embedded:NAME)",
        "e.yaml:1: base.modle: is not known here; the nearest key is model",
        "e.yaml:3: guides.pair.untuned: is missing; must be there, unless tuned-system and"
            + " untuned-system, or the templates, differ",
        "e.yaml:5: judges.gold.label: 'GOOD'; must be one of the model's labels: NEGATIVE, POSITIVE",
        "e.yaml:6: prompts.file: 'nowhere.txt'; must be a file of prompts: nowhere.txt: no such file",
        "e.yaml:7: methods: a list; must be a list with a base, with which the others are compared",
        "e.yaml:11: methods[1].l: '0'; must be a whole number from 1 to 2147483647",
        "e.yaml:12: methods[2].n: 'many'; must be a whole number from 1 to 2147483647",
        "e.yaml:14: sampling.temperature: 'hot'; must be a number of at least 0",
        "e.yaml:14: sampling.top-p: '2'; must be above 0 and at most 1",
        "e.yaml:15: seeds: is there twice; a key must be there once");
  }

  @Test
  void whatIsNoYamlIsRefusedByItsLine() {
    assertThat(faults("base: {\n  model: [\n"))
        .singleElement()
        .asString()
        .startsWith("e.yaml:3: is");
    assertThat(faults("- a\n"))
        .containsExactly("e.yaml:1: the file must be a mapping of keys to values");
    assertThat(faults(""))
        .containsExactly("e.yaml:1: the file must be a mapping of keys to values");
    assertThat(faults("a: 1\n---\nb: 2\n")).singleElement().asString().contains("is not YAML");
  }

  @Test
  void nothingBecomesAnObjectOfItself() {
    assertThat(faults(SOUND + "name: !!java.net.URL [\"http://127.0.0.1:1/\"]\n"))
        .containsExactly(
            "e.yaml:9: name: a list; must be a text, in quotes if it looks like something else");
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(faults(bomb + SOUND)).singleElement().asString().contains("is not YAML", "aliases");
    assertThat(faults(SOUND + "x: &x {y: *x}\n"))
        .containsExactly("e.yaml:9: x: is not known here; the nearest key is base");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "judges:|judges: {}|e.yaml:4: judges: an empty mapping; must hold at least one judge",
        "  gold:|  go ld:|e.yaml:5: judges.go ld: a mapping; the name must be of letters, digits and"
            + " hyphens",
        "{reward: embedded:movie-reviews/gold, label: POSITIVE}|{log-ratio: other}|e.yaml:5:"
            + " judges.gold.log-ratio: 'other'; must be a pair among the guides: pair",
        "{reward: embedded:movie-reviews/gold, label: POSITIVE}|{label: POSITIVE, reward:"
            + " embedded:movie-reviews/base}|e.yaml:5: judges.gold.reward:"
            + " 'embedded:movie-reviews/base'; must be a sequence classifier, and is a language model",
        "{reward: embedded:movie-reviews/gold, label: POSITIVE}|{reward: embedded:movie-reviews/gold,"
            + " label: POSITIVE, input: template}|e.yaml:5: judges.gold.input: 'template'; must be"
            + " another one: the model has no chat template",
        "{reward: embedded:movie-reviews/gold, label: POSITIVE}|{reward: embedded:movie-reviews/gold,"
            + " label: POSITIVE, input: all}|e.yaml:5: judges.gold.input: 'all'; must be one of"
            + " prompt-and-response, response, template",
        "base: {model: embedded:movie-reviews/base}|base: {model: nowhere}|e.yaml:1: base.model:"
            + " 'nowhere'; must be a model: model reference 'nowhere' is not a directory",
        "base: {model: embedded:movie-reviews/base}|base: {model: 3}|e.yaml:1: base.model: '3'; must"
            + " be a text, in quotes if it looks like something else",
        "base: {model: embedded:movie-reviews/base}|base: {url: here, model: m}|e.yaml:1: base.url:"
            + " 'here'; must begin with http:// or https://",
        "base: {model: embedded:movie-reviews/base}|base: {url: 'http://a/v1', model: m,"
            + " continuation: prefill}|e.yaml:1: base.continuation: 'prefill'; is for api: chat",
        "base: {model: embedded:movie-reviews/base}|base: {url: 'http://a/v1', model: m, api-key-env:"
            + " W2S_NO_SUCH_KEY}|e.yaml:1: base.api-key-env: 'W2S_NO_SUCH_KEY'; the environment has no"
            + " such variable, or an empty one",
        "base: {model: embedded:movie-reviews/base}|base: {model: embedded:movie-reviews/base,"
            + " device: moon}|e.yaml:1: base.device: 'moon'; device is 'moon'; it must be auto, cpu or"
            + " cuda:N",
        "base: {model: embedded:movie-reviews/base}|base: {model: embedded:movie-reviews/base,"
            + " template: none}|e.yaml:1: base.template: 'none'; prompt template is 'none'",
        "base: {model: embedded:movie-reviews/base}|base: {model: embedded:movie-reviews/base,"
            + " suffix: x}|e.yaml:1: base.suffix: 'x'; is for conversations",
        "untuned: embedded:movie-reviews/untuned|untuned: 'http://a/v1#m'|e.yaml:3:"
            + " guides.pair.tokenizer: is missing; must be there with a model behind a server",
        "untuned: embedded:movie-reviews/untuned|untuned: embedded:movie-reviews/untuned, weight:"
            + " 0|e.yaml:3: guides.pair.weight: '0'; must be a number other than 0",
        "untuned: embedded:movie-reviews/untuned|untuned: embedded:movie-reviews/untuned, tokenizer:"
            + " x|e.yaml:3: guides.pair.tokenizer: 'x'; has a meaning with a model behind a server"
            + " only",
        "{list: [One, Two]}|{}|e.yaml:6: prompts.file: is missing; must be there, or list, one of the"
            + " two alone",
        "{list: [One, Two]}|{list: []}|e.yaml:6: prompts.list: an empty list; must hold prompts of at"
            + " least one character",
        "{list: [One, Two]}|{list: [One, Two, One]}|e.yaml:6: prompts.list: a list; must hold each"
            + " prompt once; number 3 is number 1 again",
        "{list: [One, Two]}|{list: [One, 2]}|e.yaml:6: prompts.list: '2'; must hold texts, in quotes",
        "{list: [One, Two]}|{list: [One], form: text, system: x}|e.yaml:6: prompts.system: 'x'; is for"
            + " conversations",
        "- method: base|- method: bass|e.yaml:8: methods[1].method: 'bass'; must be one of alone,"
            + " base, best-of-n, cbs",
        "- method: base|- {method: base, guard: true}|e.yaml:8: methods[1].guard: is not known here;"
            + " the nearest key is",
        "- method: base|- method: base\n  - method: base|e.yaml:9: methods[2].name: is missing; must"
            + " be given: another method is called base",
        "- method: base|- method: base\n  - {method: cbs, w: 100, k: 100, l: 1}|e.yaml:9:"
            + " methods[2].w: '100'; ",
        "- method: base|- method: base\n  - {method: cbs, w: 1, k: [1, 2], l: [1]}|e.yaml:9:"
            + " methods[2].l: a list; lists of one method must be equally long, and hold something",
        "- method: base|- method: base\n  - {method: best-of-n, n: 2, guides: [pear]}|e.yaml:9:"
            + " methods[2].guides: a list; [pear] must be among pair, each of them once",
        "- method: base|- method: base\n  - {method: best-of-n, n: 2, guard: -1}|e.yaml:9:"
            + " methods[2].guard: '-1'; must be true, false, or nats a token above 0",
        "- method: base|- method: base\nseeds: []|e.yaml:9: seeds: an empty list; must hold at least"
            + " one number, and each once",
        "- method: base|- method: base\nlimits: {minutes: 0}|e.yaml:9: limits.minutes: '0'; must be a"
            + " number above 0",
        "- method: base|- method: base\nfluency: much|e.yaml:9: fluency: 'much'; must be one of base,"
            + " none",
        "- method: base|- method: base\ndtype: float1|e.yaml:9: dtype: 'float1'; ",
        "- method: base|- base|e.yaml:8: methods[1]: 'base'; must be a mapping of keys to values",
        "- method: base|- method: base\n[a]: b|e.yaml:9: ?: a list; a key must be a text"
      })
  void everyRuleNamesLineKeyAndValue(String change) {
    List<String> parts = Arrays.asList(change.split("\\|", 3));
    String yaml = with(parts.get(0), parts.get(1));
    if (parts.get(1).equals("judges: {}")) {
      yaml = yaml.replaceFirst("  gold.*\n", "");
    }
    assertThat(faults(yaml)).anyMatch(fault -> fault.startsWith(parts.get(2)));
  }
}
