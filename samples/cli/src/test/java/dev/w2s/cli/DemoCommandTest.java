// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.w2s.cli.demo.DemoModels;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

  /** The untuned model is guided in place of the base, and guides under two sentences as well. */
  @Test
  void otherModelsTakeTheParts() {
    Call call =
        Call.of(
            "demo",
            "--prompts=2",
            "--base=" + DemoModels.UNTUNED,
            "--template=A review. {{prompt}}",
            "--prompted=" + DemoModels.BASE);
    assertThat(call.code()).isZero();
    assertThat(call.out())
        .containsPattern("frozen base +embedded:movie-reviews/untuned ")
        .contains("guided by nothing but embedded:movie-reviews/base under two sentences")
        .contains("[base, reward ", "[CBS guarded, reward ")
        .containsPattern(
            "\\n  CBS guarded( +[+-]\\d+\\.\\d\\d \\+/- \\d+\\.\\d\\d){2} +\\d+\\.\\d\\d +[01]\\.\\d{3} ")
        .contains("Mean of 2 prompts", "w2s generate --base embedded:movie-reviews/untuned");
  }

  @Test
  void aTemplateWithoutPromptIsAnErrorOfUsage() {
    Call call = Call.of("demo", "--template=A review.");
    assertThat(call.code()).isEqualTo(2);
    assertThat(call.errLines().get(0)).contains("--template: ", "{{prompt}}");
  }

  @Test
  void aModelThatIsNoneIsNamed() {
    Call call = Call.of("demo", "--prompts=2", "--base=no/such/model");
    assertThat(call.code()).isEqualTo(1);
    assertThat(call.errLines().get(0)).contains("no/such/model");
  }
}
