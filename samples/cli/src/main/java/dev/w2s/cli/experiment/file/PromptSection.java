// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.w2s.cli.io.CommandException;
import dev.w2s.cli.io.InputLines;
import dev.w2s.cli.io.JsonLines;
import dev.w2s.cli.io.Messages;
import dev.w2s.prompt.Prompt;
import dev.w2s.prompt.Turn;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code prompts}: raw texts, or conversations. */
final class PromptSection {
  private static final Map<String, Boolean> FORMS = Map.of("text", false, "conversation", true);

  private final Section section;
  private final Path folder;
  private final boolean conversation;
  private final @Nullable String system;

  private PromptSection(Section section, Path folder) {
    this.section = section;
    this.folder = folder;
    system = section.textOrNull("system");
    conversation = section.choice("form", FORMS, system != null);
    if (system != null && !conversation) {
      section.fault("system", "is for conversations");
    }
  }

  /** The prompts; one that stands for none where there is none. */
  static List<Prompt> read(Section section, Path folder) {
    List<Prompt> prompts = new PromptSection(section, folder).prompts();
    requireEachOnce(section, prompts);
    section.end();
    return prompts.isEmpty() ? List.of(Prompt.of("?")) : prompts;
  }

  /** Under the same seed the same prompt is answered by the same draws: it would count twice. */
  private static void requireEachOnce(Section section, List<Prompt> prompts) {
    Map<Prompt, Integer> first = new HashMap<>();
    for (int i = 0; i < prompts.size(); i++) {
      Integer before = first.putIfAbsent(prompts.get(i), i + 1);
      if (before != null) {
        section.fault(
            section.has("file") ? "file" : "list",
            "must hold each prompt once; number %d is number %d again".formatted(i + 1, before));
        return;
      }
    }
  }

  private List<Prompt> prompts() {
    String file = section.textOrNull("file");
    List<String> list = section.textsOrNull("list");
    if (section.has("file") == section.has("list")) {
      section.fault("file", "must be there, or list, one of the two alone");
      return List.of();
    }
    if (list != null) {
      return texts(list);
    }
    return file == null ? List.of() : file(file);
  }

  private List<Prompt> texts(List<String> list) {
    if (list.isEmpty() || list.contains("")) {
      section.fault("list", "must hold prompts of at least one character");
      return List.of();
    }
    return list.stream().map(this::prompt).toList();
  }

  private List<Prompt> file(String file) {
    try (InputLines lines = InputLines.open(folder.resolve(file).toString())) {
      List<Prompt> prompts = new ArrayList<>();
      for (InputLines.Line line = lines.next(); line != null; line = lines.next()) {
        prompts.add(file.endsWith(".jsonl") ? ofJson(line) : prompt(line.text()));
      }
      requireOneKind(prompts);
      return prompts;
    } catch (CommandException | InvalidPathException e) {
      section.fault("file", "must be a file of prompts: " + e.getMessage());
      return List.of();
    }
  }

  private void requireOneKind(List<Prompt> prompts) {
    if (prompts.isEmpty()) {
      section.fault("file", "must hold at least one prompt");
    } else if (prompts.stream().map(Prompt::getClass).distinct().count() > 1) {
      section.fault("file", "must hold texts or conversations, and not both");
    }
  }

  private Prompt ofJson(InputLines.Line line) {
    ObjectNode object = JsonLines.read(line);
    if (object.has("prompt") == object.has("messages")) {
      throw new CommandException(
          line.place() + ": must have prompt or messages, one of the two alone");
    }
    if (object.has("prompt")) {
      return prompt(JsonLines.text(object, "prompt", line));
    }
    if (system != null) {
      throw new CommandException(line.place() + ": messages hold their own system message");
    }
    return Messages.conversation(object.get("messages"), line.place() + ": messages");
  }

  private Prompt prompt(String text) {
    if (text.isEmpty()) {
      throw new CommandException("a prompt must have at least one character");
    }
    if (!conversation) {
      return Prompt.of(text);
    }
    List<Turn> turns = new ArrayList<>();
    if (system != null) {
      turns.add(new Turn("system", system));
    }
    turns.add(new Turn("user", text));
    return new Prompt.Conversation(turns);
  }
}
