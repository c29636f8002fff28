// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import static java.util.Objects.requireNonNullElse;

import dev.w2s.cli.experiment.plan.BasePlan;
import dev.w2s.cli.experiment.plan.Experiment;
import dev.w2s.cli.experiment.plan.FluencyPlan;
import dev.w2s.cli.experiment.plan.GuidePlan;
import dev.w2s.cli.experiment.plan.JudgePlan;
import dev.w2s.cli.experiment.plan.Limits;
import dev.w2s.cli.experiment.plan.MethodPlan;
import dev.w2s.cli.experiment.plan.Sampling;
import dev.w2s.cli.io.Messages;
import dev.w2s.model.Placement;
import dev.w2s.prompt.Prompt;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads an experiment from YAML. Nothing of the file becomes an object but by the hand of these
 * classes, and each node is read as often as it has a place, so aliases cannot grow without bound.
 */
public final class ExperimentFile {
  private static final int MOST_CHARACTERS = 1 << 20;

  private final Faults faults;
  private final Path file;

  private ExperimentFile(Path file) {
    this.file = file;
    faults = new Faults(file.toString());
  }

  /**
   * Reads a file.
   *
   * @throws InvalidExperimentException if it is no experiment; it has all that is wrong
   * @throws dev.w2s.cli.io.CommandException if it cannot be read
   */
  public static Experiment read(Path file) {
    return new ExperimentFile(file).experiment(Messages.text(file.toString()));
  }

  private Experiment experiment(String yaml) {
    Section top = top(yaml);
    Experiment experiment = experiment(top);
    top.end();
    faults.throwIfAny();
    return experiment;
  }

  private Section top(String yaml) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setUseMarks(true)
            .setAllowNonScalarKeys(true) // which are told with their line
            .setCodePointLimit(MOST_CHARACTERS)
            .build();
    Optional<Node> root = Optional.empty();
    try {
      root = new Compose(settings).composeString(yaml);
      if (root.filter(MappingNode.class::isInstance).isEmpty()) {
        faults.add(1, "the file must be a mapping of keys to values");
      }
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      faults.add(line, "is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      faults.add(1, "is not YAML: " + e.getMessage());
    }
    faults.throwIfAny();
    return new Section(faults, "", (MappingNode) root.orElseThrow());
  }

  private Experiment experiment(Section top) {
    Path folder = requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
    List<Prompt> prompts = PromptSection.read(top.section("prompts"), folder);
    boolean conversation = prompts.get(0) instanceof Prompt.Conversation;
    Placement placement = new Context(folder, conversation, Placement.AUTO).placement(top);
    Context context = new Context(folder, conversation, placement);
    BasePlan base = BaseSection.read(top.section("base"), context);
    FluencyPlan fluency = BaseSection.fluency(top, context, base);
    List<GuidePlan> guides = GuideSection.read(top.section("guides"), context);
    List<JudgePlan> judges = JudgeSection.read(top.section("judges"), context, guides);
    if (judges.isEmpty()) {
      top.fault("judges", "must hold at least one judge");
    }
    Section sampling = top.section("sampling");
    Sampling defaults =
        MethodSection.sampling(
            sampling, new Sampling(null, null, null, Sampling.PAPERS_TOKENS, List.of()));
    sampling.end();
    List<MethodPlan> methods = new MethodSection(context, base, guides, defaults).read(top);
    return new Experiment(
        requireNonNullElse(top.textOrNull("name"), fileName()),
        base,
        guides,
        judges,
        fluency,
        prompts,
        methods,
        seeds(top),
        limits(top.section("limits")));
  }

  private String fileName() {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }

  private static List<Long> seeds(Section top) {
    List<Long> seeds = requireNonNullElse(top.wholesOrNull("seeds"), List.of(1L, 2L, 3L));
    if (seeds.isEmpty() || Set.copyOf(seeds).size() < seeds.size()) {
      top.fault("seeds", "must hold at least one number, and each once");
    }
    return List.copyOf(seeds);
  }

  private static Limits limits(Section section) {
    Limits limits =
        new Limits(
            section.integerOrNull("prompts", 1),
            section.integer("failures", 0, Limits.DEFAULT_FAILURES),
            section.numberOrNull("minutes", m -> m > 0, "must be a number above 0"));
    section.end();
    return limits;
  }
}
