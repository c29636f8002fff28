// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.template;

import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/** What transformers gives templates as functions. Public, since jinjava calls it. */
public final class Functions {
  private Functions() {}

  /** Ends the rendering with the template's own message. */
  public static Object raiseException(Object message) {
    throw new TemplateStop("raises: " + PythonText.of(message));
  }

  /** The present time in a format of Python's {@code strftime}. */
  public static String strftimeNow(String format) {
    return StrftimeFormatter.format(
        ZonedDateTime.now(ZoneId.systemDefault()), format, Locale.ENGLISH);
  }
}
