// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/** Whether the JDK can write texts into pictures, which on Linux it does by fontconfig. */
final class Fonts {
  private Fonts() {}

  /** Why there are no fonts; null where there are. */
  static @Nullable String fault() {
    return fault(Fonts::write);
  }

  /**
   * Why something that writes a text cannot.
   *
   * @param writing fails with whatever the JDK fails with: an {@code InternalError}, a class that
   *     is not initialized, a library that is not there, or a null where a font should be
   */
  static @Nullable String fault(Runnable writing) {
    try {
      writing.run();
      return null;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return e.toString();
    }
  }

  private static void write() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
      graphics.drawString("n", 0, 1);
    } finally {
      graphics.dispose();
    }
  }
}
