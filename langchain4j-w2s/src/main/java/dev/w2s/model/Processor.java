// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is known of the machine's processor, which Linux tells in {@code /proc/cpuinfo}.
 *
 * @param amd whether AMD made it
 * @param tiles whether it has tiles for bfloat16 (Advanced Matrix Extensions)
 * @param wideBfloat16 whether its AVX-512 takes bfloat16
 */
record Processor(boolean amd, boolean tiles, boolean wideBfloat16) {
  /** One of which nothing is known. */
  static final Processor UNKNOWN = new Processor(false, false, false);

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Pattern AMD = Pattern.compile("vendor_id\\s*: AuthenticAMD");
  private static final Pattern TILES = Pattern.compile("flags\\s*:.* amx_bf16( .*)?");
  private static final Pattern AVX512 = Pattern.compile("flags\\s*:.* avx512_bf16( .*)?");

  /** The machine's; unknown where it is not Linux. */
  static Processor read() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return of(lines.toList());
    } catch (IOException | UncheckedIOException e) {
      return UNKNOWN;
    }
  }

  /**
   * What lines tell.
   *
   * @param cpuInfo as in {@code /proc/cpuinfo}
   */
  static Processor of(List<String> cpuInfo) {
    return new Processor(
        anyMatches(cpuInfo, AMD), anyMatches(cpuInfo, TILES), anyMatches(cpuInfo, AVX512));
  }

  /**
   * Whether it multiplies bfloat16 faster than float32, which tiles do, and AMD's AVX-512 (by half
   * as fast again); by that of others it is no faster.
   */
  boolean multipliesBfloat16() {
    return tiles || (amd && wideBfloat16);
  }

  private static boolean anyMatches(List<String> lines, Pattern pattern) {
    return lines.stream().anyMatch(pattern.asMatchPredicate());
  }
}
