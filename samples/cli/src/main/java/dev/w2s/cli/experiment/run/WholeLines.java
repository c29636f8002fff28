// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a file that have their ends. */
record WholeLines(Path file) {

  /** Empty where there is no file. */
  InputStream open() throws IOException {
    if (!Files.exists(file)) {
      return InputStream.nullInputStream();
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return new ByteArrayInputStream(Arrays.copyOf(bytes, end));
  }
}
