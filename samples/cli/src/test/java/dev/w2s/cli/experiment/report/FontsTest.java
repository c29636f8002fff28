// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** With whatever a JDK fails where there is no fontconfig, it is told and nothing crashes. */
class FontsTest {

  @Test
  void whatTheJdkFailsWithIsTold() {
    List<Supplier<Throwable>> failures =
        List.of(
            () -> new InternalError(new InvocationTargetException(new NullPointerException())),
            () -> new RuntimeException("Fontconfig head is null, check your fonts"),
            () -> new NullPointerException("Cannot load from short array"),
            () -> new UnsatisfiedLinkError("libfreetype.so.6: cannot open shared object file"),
            () -> new NoClassDefFoundError("Could not initialize class sun.font.SunFontManager"));
    for (Supplier<Throwable> failure : failures) {
      assertThat(Fonts.fault(() -> fail(failure.get())))
          .contains(failure.get().getClass().getName());
    }
    assertThat(Fonts.fault(() -> {})).isNull();
  }

  private static void fail(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) e;
  }
}
