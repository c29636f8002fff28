// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment;

import dev.w2s.cli.experiment.report.Report;
import dev.w2s.cli.experiment.run.ExperimentFolder;
import java.io.PrintWriter;
import picocli.CommandLine;

/** What both commands end with. */
final class Output {
  private Output() {}

  /** Writes the report, prints its first table and says where the rest is. */
  static void write(ExperimentFolder folder, CommandLine line) {
    Report report = Report.write(folder);
    if (report.withoutFonts() != null) {
      line.getErr().println("w2s: no figures, since there are no fonts: " + report.withoutFonts());
    }
    PrintWriter out = line.getOut();
    out.println(report.table());
    out.println(folder.path().resolve("report.md"));
    out.flush();
  }
}
