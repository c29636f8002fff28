// SPDX-License-Identifier: Apache-2.0
package dev.w2s.conformance;

import dev.langchain4j.data.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;

/** The suites' pictures of a cat and of dice, told apart without a look at them. */
final class Pictures {
  private static final String CAT = encoded("/images/cat.jpg");

  private Pictures() {}

  /** A picture of a cat. */
  static Image cat() {
    return Image.builder().base64Data(CAT).mimeType("image/jpeg").build();
  }

  static String whatIsOn(Image image) {
    boolean cat =
        image.url() == null
            ? CAT.equals(image.base64Data())
            : image.url().toString().matches("(?i).*(cat|felis).*");
    return cat ? "cat" : "dice";
  }

  private static String encoded(String resource) {
    try (InputStream in = Pictures.class.getResourceAsStream(resource)) {
      return Base64.getEncoder().encodeToString(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
