// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment;

import dev.w2s.cli.experiment.report.Report;
import dev.w2s.cli.experiment.run.ExperimentFolder;
import java.io.PrintWriter;
import picocli.CommandLine;

/** What both commands end with. */
final class Output {
  private Output() {}

  /** Writes the report and says where it is. */
  static void write(ExperimentFolder folder, CommandLine line) {
    String withoutFonts = Report.write(folder);
    if (withoutFonts != null) {
      line.getErr().println("w2s: no figures, since there are no fonts: " + withoutFonts);
    }
    PrintWriter out = line.getOut();
    out.println(folder.path().resolve("report.md"));
    out.flush();
  }
}
