// SPDX-License-Identifier: Apache-2.0
package dev.w2s.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.local.ThinkingTags.Parts;
import dev.w2s.prompt.Rendered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts written by hand, after what Qwen 3 and DeepSeek R1 write; ~ is a line's end. */
class ThinkingTagsTest {
  private static final ThinkingTags TAGS = ThinkingTags.THINK;

  @ParameterizedTest
  @CsvSource({
    "<think>~Hm. Yes.~</think>~~Good.~, false, Hm. Yes., Good.~",
    "~<think>Hm.</think>Good., false, Hm., Good.",
    "<think>~~</think>~~Good., false, '', Good.",
    "Good., false, '', Good.",
    "' Good.', false, '', ' Good.'",
    "Good. <think>No</think>, false, '', Good. <think>No</think>",
    "Hm.~</think>~~Good., true, Hm., Good.",
    "Hm. Ye, true, Hm. Ye, ''",
    "<think>Hm. </thi, false, Hm. </thi, ''",
    "<thi, false, '', <thi",
    "</think>~~Good., false, '', Good.",
    "<think>a</think>b</think>c, false, a, b</think>c",
    "'', false, '', ''",
  })
  void takesResponsesApart(String response, boolean opened, String thinking, String text) {
    assertThat(TAGS.split(lines(response), opened, true))
        .isEqualTo(new Parts(lines(thinking), lines(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "<think>~Hm. a < b </t Yes.~</think>~~Good. <think>x</think>~, false",
    "~ <think>Hm.</think>Good., false",
    "~ <thin air>, false",
    "Hm.~</think>~~Good., true",
    "Good </think>, false",
    "<think>Hm. </thi, false",
    "</think>~~Good., false",
    "</thin ice, false",
  })
  void takesNothingBackAsAResponseGrows(String response, boolean opened) {
    String whole = lines(response);
    Parts all = TAGS.split(whole, opened, true);
    Parts before = new Parts("", "");
    for (int length = 0; length <= whole.length(); length++) {
      Parts now = TAGS.split(whole.substring(0, length), opened, false);
      assertThat(now.thinking()).startsWith(before.thinking());
      assertThat(now.text()).startsWith(before.text());
      assertThat(now.text().isEmpty() || now.thinking().equals(all.thinking())).isTrue();
      before = now;
    }
    assertThat(all.thinking()).startsWith(before.thinking());
    assertThat(all.text()).startsWith(before.text());
  }

  @Test
  void aPromptOpensThinkingWhereItEndsWithTheTag() {
    assertThat(TAGS.openedBy(Rendered.raw("<|assistant|><think>\n"))).isTrue();
    assertThat(TAGS.openedBy(Rendered.raw("<|assistant|><think>\n\n</think>\n\n"))).isFalse();
  }

  @Test
  void tagsAreNotBlank() {
    assertThatThrownBy(() -> new ThinkingTags("<think>", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("thinking tag close is ' '; it must not be blank");
    assertThatThrownBy(() -> new ThinkingTags("", "</think>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("thinking tag open is ''; it must not be blank");
  }

  private static String lines(String text) {
    return text.replace('~', '\n');
  }
}
