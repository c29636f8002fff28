// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.model.chat.ChatModel;
import dev.w2s.guidance.Guide;
import dev.w2s.guidance.WeightedGuide;
import dev.w2s.testkit.ScriptedChatModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an application says that cannot start: the text that its author reads. */
@ExtendWith(OutputCaptureExtension.class)
class FailuresTest {

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    WeakToStrongAutoConfiguration.class,
    WeakToStrongIdleAutoConfiguration.class
  })
  static class Application {
    @Bean
    ScriptedChatModel model() {
      return Contexts.terse();
    }
  }

  /** Starts, fails, and gives back what was printed below the headline. */
  private static String failure(CapturedOutput output, Class<?> more, String... properties) {
    Throwable thrown =
        catchThrowable(
            () ->
                new SpringApplicationBuilder(Application.class, more)
                    .web(WebApplicationType.NONE)
                    .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                    .run(
                        Arrays.stream(properties)
                            .map(property -> "--" + property)
                            .toArray(String[]::new))
                    .close());
    assertThat(thrown).isNotNull();
    String all = output.getOut();
    assertThat(all).contains("APPLICATION FAILED TO START");
    return all.substring(all.lastIndexOf("APPLICATION FAILED TO START"));
  }

  private static String failure(CapturedOutput output, String... properties) {
    return failure(output, Application.class, properties);
  }

  @Test
  void allThatIsWrongIsToldAtOnceByPropertyValueAndReason(CapturedOutput output) {
    String text =
        failure(
            output,
            "langchain4j.w2s.pairs.kind.tuned=embedded:movie-reviews/tunde",
            "langchain4j.w2s.pairs.kind.untuned=embedded:movie-reviews/gold",
            "langchain4j.w2s.pairs.kind.weight=0",
            "langchain4j.w2s.pairs.kind.device=gpu",
            "langchain4j.w2s.pairs.kind.dtype=int2",
            "langchain4j.w2s.pairs.kind.tuned-template=Say it",
            "langchain4j.w2s.pairs.kind.api-key=sesame",
            "langchain4j.w2s.pairs.lonely.tuned=embedded:movie-reviews/tuned",
            "langchain4j.w2s.rewards.kind.model=embedded:movie-reviews/tuned",
            "langchain4j.w2s.rewards.far.model=http://localhost:9/v1#m",
            "langchain4j.w2s.rewards.far.label=good",
            "langchain4j.w2s.local.base.model=no/such/directory",
            "langchain4j.w2s.local.base.top-p=2",
            "langchain4j.w2s.search.beam-width=0",
            "langchain4j.w2s.search.concurrency=0",
            "langchain4j.w2s.search.budget.tokens=-1",
            "langchain4j.w2s.search.guard.divergence=0.1",
            "langchain4j.w2s.loading.timeout=0s");
    assertThat(text)
        .contains(
            """
                Property: langchain4j.w2s.pairs.kind.tuned
                Value: "embedded:movie-reviews/tunde"
            """)
        .contains("Reason: embedded model 'movie-reviews/tunde' is not on the class path")
        .contains("Reason: is a sequence classifier; a language model is needed here")
        .contains(
            """
                Property: langchain4j.w2s.pairs.kind.weight
                Value: "0"
                Origin: "langchain4j.w2s.pairs.kind.weight" from property source "commandLineArgs"
                Reason: must be finite and not zero
            """)
        .contains("Reason: device is 'gpu'; it must be auto, cpu or cuda:N")
        .contains(
            "Reason: dtype is 'int2'; it must be one of auto, float32, bfloat16, float16, int8, int4")
        .contains("Property: langchain4j.w2s.pairs.kind.tuned-template")
        .contains("Property: langchain4j.w2s.pairs.kind.api-key")
        .contains("Property: langchain4j.w2s.rewards.kind\n")
        .contains("Reason: has no meaning without a model behind a server")
        .contains("Property: langchain4j.w2s.pairs.lonely.untuned")
        .contains("Reason: must be given; it may be left out only where tuned-system")
        .contains("Reason: has the name of a pair; the names of guides must differ")
        .contains("Reason: is a language model; a sequence classifier is needed here")
        .contains("Reason: must be the index of the label, from 0 on")
        .contains("Reason: model reference 'no/such/directory' is not a directory")
        .contains("Reason: topP is 2.0; it must be above 0 and at most 1")
        .contains("Property: langchain4j.w2s.search.beam-width")
        .contains("Reason: beamWidth is 0, must be at least 1")
        .contains("Property: langchain4j.w2s.search.concurrency")
        .contains("Property: langchain4j.w2s.search.budget.tokens")
        .contains("Reason: has no meaning without search.guard.enabled=true")
        .contains("Property: langchain4j.w2s.loading.timeout")
        .doesNotContain("sesame");
  }

  @Test
  void aModelOfAnUnknownFamilyIsRefusedInEveryMode(CapturedOutput output, @TempDir Path directory)
      throws Exception {
    Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    for (String mode : new String[] {"eager", "background", "lazy"}) {
      assertThat(
              failure(
                  output,
                  "langchain4j.w2s.pairs.kind.tuned=" + directory,
                  Contexts.UNTUNED.replace("positive", "kind"),
                  "langchain4j.w2s.loading.mode=" + mode))
          .contains("Property: langchain4j.w2s.pairs.kind.tuned")
          .contains("model_type")
          .contains("must be one of gpt2, llama");
    }
  }

  @Test
  void aPropertyThatIsNotThereIsRefused(CapturedOutput output) {
    assertThat(failure(output, Contexts.TUNED, Contexts.UNTUNED, "langchain4j.w2s.serch.x=1"))
        .contains("Property: langchain4j.w2s.serch.x")
        .contains("The elements [langchain4j.w2s.serch.x] were left unbound");
  }

  @Test
  void aValueThatIsNoneOfTheKnownIsRefused(CapturedOutput output) {
    assertThat(
            failure(
                output,
                Contexts.TUNED,
                Contexts.UNTUNED,
                "langchain4j.w2s.loading.until-ready=perhaps"))
        .contains("Property: langchain4j.w2s.loading.until-ready")
        .contains("Value: \"perhaps\"")
        .contains("FAIL")
        .contains("UNGUIDED")
        .contains("WAIT");
  }

  @Test
  void guidesThatCannotBeLoadedStopAnEagerStart(CapturedOutput output, @TempDir Path directory)
      throws Exception {
    Files.writeString(
        directory.resolve("config.json"),
        Files.readString(
            dev.w2s.model.ModelReference.parse("embedded:movie-reviews/tuned")
                .resolve()
                .resolve("config.json")));
    assertThat(
            failure(
                output,
                "langchain4j.w2s.pairs.kind.tuned=" + directory,
                Contexts.UNTUNED.replace("positive", "kind"),
                "langchain4j.w2s.loading.mode=eager"))
        .contains("langchain4j.w2s.pairs.kind cannot be loaded: ")
        .contains("tokenizer.json")
        .contains("Correct the properties under langchain4j.w2s.pairs.kind");
  }

  /** Asks for the bean by its own class. */
  @Configuration(proxyBeanMethods = false)
  static class AsksByClass {
    @Bean
    String asks(ScriptedChatModel model) {
      return "asked " + model.requests();
    }
  }

  /** The same, after the bean was made. */
  @Configuration(proxyBeanMethods = false)
  static class AsksByClassLater {
    @Bean
    String asks(ChatModel first, org.springframework.context.ApplicationContext context) {
      return first.provider() + " " + context.getBean(ScriptedChatModel.class).requests();
    }
  }

  @Test
  void aBeanThatIsInjectedByItsClassIsExplained(CapturedOutput output) {
    for (Class<?> asks : new Class<?>[] {AsksByClass.class, AsksByClassLater.class}) {
      assertThat(failure(output, asks, Contexts.TUNED, Contexts.UNTUNED, Contexts.LAZY))
          .contains(
              "Bean 'model' is asked for as dev.w2s.testkit.ScriptedChatModel, but it is guided: in"
                  + " its place there is a model that implements LangChain4j's interface ChatModel and"
                  + " nothing else.")
          .contains(
              "Inject it as ChatModel, or leave it unguided:"
                  + " langchain4j.w2s.decorate.exclude=model");
    }
  }

  /** A guide with a pair's name. */
  @Configuration(proxyBeanMethods = false)
  static class SameName {
    @Bean
    WeightedGuide again() {
      return new WeightedGuide("positive", Guide.of((prompt, text) -> 0), 1);
    }
  }

  @Test
  void whatDoesNotFitAModelNamesTheBean(CapturedOutput output) {
    assertThat(failure(output, SameName.class, Contexts.TUNED, Contexts.UNTUNED, Contexts.LAZY))
        .contains("Bean 'model' cannot be guided: guide 'positive' is there twice")
        .contains("langchain4j.w2s.decorate.exclude=model");
    assertThat(
            failure(
                output,
                Contexts.TUNED,
                Contexts.UNTUNED,
                Contexts.LAZY,
                "langchain4j.w2s.search.continuation=prefix"))
        .contains("Bean 'model' cannot be guided: continuation is PREFIX");
  }
}
