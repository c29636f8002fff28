// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.run.ExperimentFolder;
import dev.w2s.cli.io.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Writes what came of an experiment beside its samples. */
public final class Report {
  private Report() {}

  /**
   * Writes {@code summary.csv}, {@code report.md} and the figures.
   *
   * @return why there are no figures; null where there are
   * @throws CommandException if a file cannot be written
   */
  public static @Nullable String write(ExperimentFolder folder) {
    System.setProperty("java.awt.headless", "true");
    return write(folder, Fonts.fault());
  }

  static @Nullable String write(ExperimentFolder folder, @Nullable String withoutFonts) {
    Summary summary = Summary.of(folder.stored().design(), folder.samples());
    Map<String, Chart> charts = withoutFonts == null ? Figures.of(summary) : Map.of();
    Path path = folder.path();
    try {
      for (Map.Entry<String, Chart> chart : charts.entrySet()) {
        ImageIO.write(chart.getValue().image(), "png", path.resolve(chart.getKey()).toFile());
      }
      Files.writeString(path.resolve("summary.csv"), SummaryCsv.of(summary));
      Files.writeString(
          path.resolve("report.md"),
          Page.of(summary, folder.stored(), folder.samples(), List.copyOf(charts.keySet())));
    } catch (IOException e) {
      throw new CommandException(path + ": the report cannot be written: " + e.getMessage(), e);
    }
    return withoutFonts;
  }
}
