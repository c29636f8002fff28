// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an error tells of the file that it is about. */
class ErrorTextsTest {
  private static final Path FILE = Path.of("some", "file");

  /** Java's own message is the path alone. */
  @Test
  void whyAFileCannotBeReadIsSaidInWords() {
    assertThat(InvalidModelException.unreadable(FILE, new NoSuchFileException("file")))
        .hasMessage(FILE + ": no such file");
    assertThat(InvalidModelException.unreadable(FILE, new AccessDeniedException("file")))
        .hasMessage(FILE + ": permission denied");
    assertThat(InvalidModelException.unreadable(FILE, new IOException("Is a directory")))
        .hasMessage(FILE + ": cannot be read: Is a directory");
  }

  @Test
  void anErrorBelowIsToldToo() {
    IOException cause = new IOException("Input/output error");
    assertThat(InvalidModelException.in(FILE, "cannot be closed", cause))
        .hasMessage(FILE + ": cannot be closed: Input/output error")
        .hasCause(cause);
    assertThat(InvalidModelException.in(FILE, "has no end")).hasMessage(FILE + ": has no end");
  }

  /** 80 characters, quotes included, are shown. */
  @Test
  void aLongValueIsCut() {
    assertThat(invalid("x".repeat(78))).isEqualTo("\"" + "x".repeat(78) + "\"");
    assertThat(invalid("x".repeat(79))).isEqualTo("\"" + "x".repeat(76) + "...");
  }

  private static String invalid(String value) {
    JsonFile json = new JsonFile(FILE, "", JsonNodeFactory.instance.objectNode().put("key", value));
    String message = json.invalid("key", "must be short").getMessage();
    return message.replace(FILE + ": key is ", "").replace("; it must be short", "");
  }

  @Test
  void aTensorSaysHowManyBytesItTakes() {
    assertThatThrownBy(() -> new StoredTensor("a", StoredType.F16, List.of(2L), 4, 9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("data_offsets [4, 9] span 5 bytes, but F16 [2] takes 4");
  }
}
