// SPDX-License-Identifier: Apache-2.0
package dev.w2s.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.w2s.model.files.InvalidModelException;
import dev.w2s.model.files.JsonFile;
import dev.w2s.model.files.Sha256;
import dev.w2s.model.files.UserHome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Models that jars carry. A model {@code NAME} is a folder {@code w2s-models/NAME/} on the class
 * path with the files of a Hugging Face directory and a {@code SHA256SUMS} that lists them, as
 * {@code sha256sum} writes it.
 *
 * <p>It is unpacked below a cache, into a folder named after the digest of its list, so that two
 * versions never mix. The folder appears by one rename, complete and checked; when two processes
 * start at once, both unpack and the slower one throws its copy away. A damaged folder is replaced:
 * what was checked once by SHA-256 is checked at every start by CRC-32, which the virtual machine
 * knows from its first moment, where SHA-256 is slow until it is compiled.
 *
 * @param cache folder of unpacked models
 */
record EmbeddedModels(Path cache) {
  /** A file lock is between processes; this one is between threads. */
  private static final Object LOCK = new Object();

  private static final String ROOT = "w2s-models/";
  private static final String SUMS = "SHA256SUMS";
  private static final String CONFIG = "config.json";
  private static final String UNPACKING = ".unpacking-";
  private static final String COMPLETE = "model";

  /** Checksums of an unpacked model's files; no file of a list begins with a dot. */
  private static final String INSTALLED = ".crc32";

  private static final int CHUNK = 1 << 18;

  /** Unpacking takes seconds. */
  private static final Duration UNPACKED_SINCE = Duration.ofHours(1);

  private static final Pattern NAME = Pattern.compile("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)*");
  private static final Pattern SUM = Pattern.compile("([0-9a-f]{64}) [ *]([\\w-][\\w.-]*)");

  /**
   * The cache of this user: the system property {@code w2s.cache}, else the environment's {@code
   * W2S_CACHE}, else {@code w2s} in the place the platform has for caches.
   */
  static Path userCache() {
    String named = System.getProperty("w2s.cache", System.getenv("W2S_CACHE"));
    if (named != null && !named.isBlank()) {
      return Path.of(named);
    }
    String home = UserHome.find().toString();
    String os = System.getProperty("os.name", "");
    if (os.startsWith("Windows")) {
      String local = System.getenv("LOCALAPPDATA");
      return Path.of(local == null ? home : local, "w2s");
    }
    if (os.startsWith("Mac")) {
      return Path.of(home, "Library", "Caches", "w2s");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    return xdg == null || xdg.isBlank() ? Path.of(home, ".cache", "w2s") : Path.of(xdg, "w2s");
  }

  /**
   * The directory of an embedded model, unpacked if it is not there or was damaged.
   *
   * @throws InvalidModelException if no jar has it, or its files are not those it lists
   */
  Path unpack(String name) {
    String folder = folder(name);
    byte[] list = readList(name, folder);
    Map<String, String> sums = parse(folder + SUMS, new String(list, UTF_8));
    Path target = cache.resolve(name).resolve(Sha256.of(list).substring(0, 16));
    try {
      if (!intact(target, sums.keySet())) {
        install(folder, sums, target);
      }
      return target;
    } catch (IOException e) {
      throw new InvalidModelException(
          "embedded model '" + name + "' cannot be unpacked to " + target + ": " + e, e);
    }
  }

  /**
   * What an embedded model is, read from where it is packed.
   *
   * @throws InvalidModelException if no jar has it, or its config is not the one it lists
   */
  static JsonFile config(String name) {
    String folder = folder(name);
    Map<String, String> sums = parse(folder + SUMS, new String(readList(name, folder), UTF_8));
    String path = folder + CONFIG;
    try (InputStream in = resource(path)) {
      if (in == null) {
        throw new InvalidModelException(path + " is not on the class path");
      }
      byte[] bytes = in.readAllBytes();
      requireSum(path, Sha256.of(bytes), sums.getOrDefault(CONFIG, "nothing"));
      return JsonFile.parse(Path.of(path), bytes);
    } catch (IOException e) {
      throw new InvalidModelException("embedded model '" + name + "' cannot be read: " + e, e);
    }
  }

  private static String folder(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidModelException(
          "embedded model '"
              + name
              + "': a name is made of letters, digits, '.', '-', '_' and '/'");
    }
    return ROOT + name + "/";
  }

  private static void requireSum(String path, String actual, String expected) {
    if (!actual.equals(expected)) {
      throw new InvalidModelException(
          "%s has SHA-256 %s; SHA256SUMS says %s".formatted(path, actual, expected));
    }
  }

  private static byte[] readList(String name, String folder) {
    try (InputStream in = resource(folder + SUMS)) {
      if (in == null) {
        throw new InvalidModelException(
            "embedded model '%s' is not on the class path: no %s%s".formatted(name, folder, SUMS));
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new InvalidModelException("embedded model '" + name + "' cannot be read: " + e, e);
    }
  }

  private static @Nullable InputStream resource(String path) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    InputStream in = context == null ? null : context.getResourceAsStream(path);
    return in != null ? in : EmbeddedModels.class.getClassLoader().getResourceAsStream(path);
  }

  private static Map<String, String> parse(String path, String list) {
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : list.lines().toList()) {
      Matcher matcher = SUM.matcher(line);
      if (!matcher.matches()) {
        throw new InvalidModelException(
            path + ": line '" + line + "' is not a SHA-256, two spaces and a plain file name");
      }
      sums.put(matcher.group(2), matcher.group(1));
    }
    if (sums.isEmpty()) {
      throw new InvalidModelException(path + " is empty; it must list the model's files");
    }
    return sums;
  }

  /**
   * Whether a folder is as it was installed. Asked with and without the lock: a damaged folder may
   * be set aside while it is read.
   */
  private static boolean intact(Path directory, Set<String> names) throws IOException {
    if (!names.stream().map(directory::resolve).allMatch(Files::isRegularFile)) {
      return false;
    }
    try {
      byte[] installed = Files.readAllBytes(directory.resolve(INSTALLED));
      return Arrays.equals(installed, checksums(directory, names));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Of files, one a line. */
  private static byte[] checksums(Path directory, Set<String> names) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      lines.append("%08x  %s\n".formatted(checksum(directory.resolve(name)), name));
    }
    return lines.toString().getBytes(UTF_8);
  }

  private static long checksum(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        crc.update(chunk, 0, read);
      }
    }
    return crc.getValue();
  }

  private void install(String folder, Map<String, String> sums, Path target) throws IOException {
    Path model = Objects.requireNonNull(target.getParent());
    deleteLeftovers(Files.createDirectories(model));
    Path fresh = Files.createTempDirectory(model, UNPACKING);
    try {
      Path complete = Files.createDirectory(fresh.resolve(COMPLETE));
      for (Map.Entry<String, String> sum : sums.entrySet()) {
        copy(folder + sum.getKey(), sum.getValue(), complete.resolve(sum.getKey()));
      }
      Files.write(complete.resolve(INSTALLED), checksums(complete, sums.keySet()));
      moveIntoPlace(fresh, target, sums.keySet());
    } finally {
      deleteTree(fresh);
    }
  }

  /** A process that was killed while it unpacked has left its folder; one at work has a new one. */
  private static void deleteLeftovers(Path model) throws IOException {
    Instant old = Instant.now().minus(UNPACKED_SINCE);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(model, UNPACKING + "*")) {
      for (Path leftover : leftovers) {
        if (Files.getLastModifiedTime(leftover).toInstant().isBefore(old)) {
          deleteTree(leftover);
        }
      }
    } catch (NoSuchFileException e) {
      return; // another process was faster
    }
  }

  private static void copy(String path, String expected, Path target) throws IOException {
    try (InputStream in = resource(path)) {
      if (in == null) {
        throw new InvalidModelException(
            path + " is listed in SHA256SUMS but not on the class path");
      }
      requireSum(path, copyWithDigest(in, target), expected);
    }
  }

  /**
   * A folder that stands there is another's finished work, or damaged and set aside. Without the
   * lock two that repair it could set aside each other's work.
   */
  private void moveIntoPlace(Path fresh, Path target, Set<String> names) throws IOException {
    synchronized (LOCK) {
      try (FileChannel file = FileChannel.open(cache.resolve(".lock"), CREATE, WRITE);
          FileLock lock = file.lock()) {
        if (lock.isValid() && intact(target, names)) {
          return;
        }
        if (Files.exists(target)) {
          Files.move(target, fresh.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh.resolve(COMPLETE), target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private static String copyWithDigest(InputStream in, Path target) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (DigestInputStream digested = new DigestInputStream(in, digest)) {
      Files.copy(digested, target);
    }
    return Sha256.end(digest);
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
