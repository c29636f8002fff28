// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model.text;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tokenizers as models have them, and some that nobody should have. */
final class TokenizerVariants {
  static final String LLAMA_3 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  static final String GPT_4O =
      "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
          + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  static final String DEEPSEEK =
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
          + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  /** Digits in threes from the right: how a number is split depends on where it ends. */
  static final String THREES_FROM_THE_RIGHT = "\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))|\\P{N}+";

  private static final String BYTES =
      "{'type':'ByteLevel','add_prefix_space':%s,'trim_offsets':true,'use_regex':%s}";

  private static final String METASPACE =
      "'pre_tokenizer':{'type':'Metaspace','replacement':'▁','prepend_scheme':'%s','split':%s}";

  private TokenizerVariants() {}

  static Stream<TokenizerVariant> golden() {
    return Stream.of(
            "gpt2-odd",
            "gpt2-untied",
            "gpt2-scaled",
            "llama-gqa",
            "llama-tied-bf16",
            "llama-old-style",
            "gpt2-classifier",
            "llama-classifier",
            "base",
            "gold")
        .map(TokenizerVariant::unchanged);
  }

  /** All of them keep to {@link StablePlaces}. */
  static Stream<TokenizerVariant> byteLevel() {
    TokenizerVariant base = TokenizerVariant.unchanged("base");
    return Stream.of(
        base.named("splits of Llama 3").part(splitting(LLAMA_3)).model("ignore_merges", "true"),
        base.named("splits of GPT-4o").part(splitting(GPT_4O)),
        base.named("splits of DeepSeek").part(splitting("\\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DEEPSEEK)),
        base.named("space in front").part("'pre_tokenizer':" + BYTES.formatted(true, true)),
        base.named("offsets trimmed").part("'post_processor':" + BYTES.formatted(false, true)),
        base.named("digits alone")
            .part(
                "'pre_tokenizer':{'type':'Sequence','pretokenizers':["
                    + "{'type':'Digits','individual_digits':true},"
                    + "{'type':'Punctuation','behavior':'Contiguous'},"
                    + BYTES.formatted(false, true)
                    + "]}"),
        base.named("composed").part("'normalizer':{'type':'NFC'}"),
        base.named("folded")
            .part(
                "'normalizer':{'type':'Sequence','normalizers':"
                    + "[{'type':'NFKC'},{'type':'Lowercase'}]}"),
        base.named("added tokens")
            .adding("<mask>", "lstrip")
            .adding("<|end|>", "rstrip")
            .adding("<both>", "lstrip", "rstrip")
            .adding(" movie", "single_word")
            .adding("  ", "normalized")
            .adding("the", "single_word", "normalized"),
        base.named("added tokens, offsets trimmed")
            .part("'post_processor':" + BYTES.formatted(false, true))
            .adding("<|end|>", "rstrip")
            .adding("<both>", "lstrip", "rstrip"));
  }

  /** All of them keep to {@link StablePlaces}. */
  static Stream<TokenizerVariant> sentencePiece() {
    TokenizerVariant old = TokenizerVariant.unchanged("llama-old-style");
    TokenizerVariant plain = old.part("'normalizer':null");
    return Stream.of(
        plain.named("Metaspace first").part(METASPACE.formatted("first", false)),
        plain.named("Metaspace always").part(METASPACE.formatted("always", false)),
        plain.named("Metaspace never, split").part(METASPACE.formatted("never", true)),
        plain
            .named("Gemma")
            .part(
                "'normalizer':{'type':'Replace','pattern':{'String':' '},'content':'▁'},"
                    + "'pre_tokenizer':{'type':'Split','pattern':{'String':' '},"
                    + "'behavior':'MergedWithPrevious','invert':false}"),
        old.named("unknown characters fused").model("byte_fallback", "false"),
        old.named("old style with added tokens")
            .adding("<|end|>", "rstrip")
            .adding("movie", "normalized"),
        unigram().named("Unigram, split").part(METASPACE.formatted("always", true)));
  }

  /** None of them does, or is known to. */
  static Stream<TokenizerVariant> unstable() {
    TokenizerVariant base = TokenizerVariant.unchanged("base");
    TokenizerVariant old = TokenizerVariant.unchanged("llama-old-style");
    return Stream.of(
        old.named("token across a space").merging("e", "▁").merging("e▁", "t"),
        base.named("added token across a space").adding("was a"),
        base.named("digits in threes from the right").part(splitting(THREES_FROM_THE_RIGHT)),
        base.named("chunks of seven").part(splitting("[^\\n]{1,7}")),
        base.named("from the start").part(splitting("^\\S+ \\S+")),
        base.named("spaces away")
            .part("'normalizer':{'type':'Replace','pattern':{'String':' '},'content':''}"),
        base.named("accents away")
            .part(
                "'normalizer':{'type':'Sequence','normalizers':"
                    + "[{'type':'NFD'},{'type':'StripAccents'}]}"),
        unigram().named("Unigram, one word").part(METASPACE.formatted("always", false)));
  }

  static Stream<TokenizerVariant> stable() {
    return Stream.of(golden(), byteLevel(), sentencePiece()).flatMap(s -> s);
  }

  static Stream<TokenizerVariant> all() {
    return Stream.concat(stable(), unstable());
  }

  private static TokenizerVariant unigram() {
    return TokenizerVariant.unchanged("llama-old-style")
        .part("'normalizer':null")
        .part(
            "'model':{'type':'Unigram','unk_id':0,'byte_fallback':false,'vocab':["
                + "['<unk>',0],['<s>',0],['</s>',0],['▁',-2.1],['▁the',-2.3],['▁movie',-3.1],"
                + "['a',-3.3],['aa',-6.6],['e',-3.1],['t',-3.2],['h',-3.7],['s',-3.4],['ing',-4.1],"
                + "['i',-3.9],['n',-3.8],['g',-4.4],['▁▁',-4],['.',-3],[',',-3],['1',-5],['日',-6]]}");
  }

  private static String splitting(String... expressions) {
    return Arrays.stream(expressions)
        .map(TextNode::valueOf)
        .map(
            expression ->
                "{'type':'Split','pattern':{'Regex':%s},'behavior':'Isolated','invert':false}"
                    .formatted(expression))
        .collect(
            Collectors.joining(
                ",",
                "'pre_tokenizer':{'type':'Sequence','pretokenizers':[",
                "," + BYTES.formatted(false, false) + "]}"));
  }
}
