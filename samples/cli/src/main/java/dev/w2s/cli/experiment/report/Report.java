// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.report;

import dev.w2s.cli.experiment.run.ExperimentFolder;
import dev.w2s.cli.experiment.run.StoredExperiment;
import dev.w2s.cli.io.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * What came of an experiment, as it was written beside its samples.
 *
 * @param table the first one of the page
 * @param withoutFonts why there are no figures; null where there are
 */
public record Report(String table, @Nullable String withoutFonts) {

  /**
   * Writes {@code summary.csv}, {@code differences.csv}, {@code report.md} and the figures.
   *
   * @throws CommandException if a file cannot be written
   */
  public static Report write(ExperimentFolder folder) {
    System.setProperty("java.awt.headless", "true");
    return write(folder, Fonts.fault());
  }

  private static Report write(ExperimentFolder folder, @Nullable String withoutFonts) {
    StoredExperiment stored = folder.stored();
    Summary summary = Summary.of(stored.design(), folder.samples());
    Map<String, Chart> charts = withoutFonts == null ? Figures.of(summary) : Map.of();
    Path path = folder.path();
    try {
      for (Map.Entry<String, Chart> chart : charts.entrySet()) {
        ImageIO.write(chart.getValue().image(), "png", path.resolve(chart.getKey()).toFile());
      }
      Files.writeString(path.resolve("summary.csv"), SummaryCsv.of(summary));
      Files.writeString(path.resolve("differences.csv"), SummaryCsv.differences(summary));
      Files.writeString(
          path.resolve("report.md"),
          Page.of(summary, stored, folder.samples(), List.copyOf(charts.keySet())));
    } catch (IOException e) {
      throw new CommandException(path + ": the report cannot be written: " + e.getMessage(), e);
    }
    return new Report(Tables.first(summary), withoutFonts);
  }
}
