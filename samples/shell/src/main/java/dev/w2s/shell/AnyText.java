// SPDX-License-Identifier: Apache-2.0
package dev.w2s.shell;

import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Lets an option take a text that looks like an option. What is attached ({@code --prompt=-h}) is
 * always text. What stands apart is text unless it is an option of the command by its very name,
 * with or without a value, since then the text was forgotten: {@code --prompt --json} stays an
 * error.
 *
 * <p>picocli refuses whatever resembles an option, {@code -Well} too where there is a {@code -W}.
 * The text passes it behind a mark, which no argument of a process can hold.
 */
public final class AnyText implements IParameterPreprocessor, ITypeConverter<String> {
  private static final String MARK = "\0";

  @Override
  @SuppressWarnings("JdkObsolete") // the stack is picocli's
  public boolean preprocess(
      Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    boolean apart = " ".equals(info.get("separator"));
    if (!args.isEmpty() && !(apart && isOption(args.peek(), command))) {
      args.push(MARK + args.pop());
    }
    return false; // picocli goes on
  }

  private static boolean isOption(String text, CommandSpec command) {
    int end = text.indexOf(command.parser().separator());
    return command.optionsMap().containsKey(end < 0 ? text : text.substring(0, end));
  }

  @Override
  public String convert(String value) {
    return value.startsWith(MARK) ? value.substring(MARK.length()) : value;
  }
}
