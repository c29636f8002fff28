// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.w2s.model.files.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "hf:gpt2, gpt2, main, models--gpt2",
    "hf:org/name, org/name, main, models--org--name",
    "hf:Foo-BAR/foo_1.bar@refs/pr/1, Foo-BAR/foo_1.bar, refs/pr/1, models--Foo-BAR--foo_1.bar",
    "hf:a/b@v1.0+cu-12, a/b, v1.0+cu-12, models--a--b",
    "hf:_a/b_@1234567, _a/b_, 1234567, models--_a--b_"
  })
  void readsRepositoryAndRevision(String text, String repository, String revision, String folder) {
    HubReference reference = HubReference.parse(text);
    assertThat(reference).isEqualTo(new HubReference(repository, revision));
    assertThat(reference.folder()).isEqualTo(folder);
    assertThat(reference.isPinned()).isFalse();
  }

  @Test
  void aWholeCommitIsPinned() {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    assertThat(HubReference.parse("hf:a/b@" + commit).isPinned()).isTrue();
    assertThat(HubReference.parse("hf:a/b@" + commit.substring(1)).isPinned()).isFalse();
  }

  @Test
  void isShownAsWritten() {
    assertThat(HubReference.parse("hf:a/b@v1")).hasToString("hf:a/b@v1");
    assertThat(HubReference.parse("hf:a/b@main")).hasToString("hf:a/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:/",
        "hf:a/",
        "hf:/b",
        "hf:a/b/c",
        "hf:datasets/a/b",
        "hf:../b",
        "hf:a/..",
        "hf:a/b..c",
        "hf:a--b/c",
        "hf:-a/b",
        "hf:a/b.",
        "hf:a/b.git",
        "hf:a b/c",
        "hf:a\\b",
        "hf:é/b",
        "hf:https://huggingface.co/a/b",
        "hf:@main"
      })
  void refusesWhatIsNoRepository(String text) {
    assertThatThrownBy(() -> HubReference.parse(text))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("'" + text + "'", "is no repository; it must be ORG/NAME");
  }

  @Test
  void refusesALongRepository() {
    HubReference.parse("hf:" + "a".repeat(96));
    assertThatThrownBy(() -> HubReference.parse("hf:" + "a".repeat(97)))
        .hasMessageContaining("at most 96");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "a/", "/a", "a//b", "..", "a/../b", "a..b", ".a", "-a", "a b", "a\\b", "a@b",
        "a\0b", "a:b", "a/.b"
      })
  void refusesWhatIsNoRevision(String revision) {
    assertThatThrownBy(() -> HubReference.parse("hf:a/b@" + revision))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll("hf:a/b@" + revision, "is no revision; it must be a branch");
  }
}
