// SPDX-License-Identifier: Apache-2.0
package dev.w2s.gateway.openai;

/**
 * Whether an answer comes in pieces.
 *
 * @param usage whether the last one tells what it cost
 */
public record Streaming(boolean stream, boolean usage) {

  static Streaming of(Fields request) {
    boolean stream = request.isSet("stream");
    Fields options = request.object("stream_options");
    if (options == null) {
      return new Streaming(stream, false);
    }
    if (!stream) {
      throw ApiException.invalid(
          "stream_options",
          "The 'stream_options' parameter is only allowed when 'stream' is true.");
    }
    boolean usage = options.isSet("include_usage");
    options.refuse("include_obfuscation", "false");
    options.refuseOthers();
    return new Streaming(true, usage);
  }
}
