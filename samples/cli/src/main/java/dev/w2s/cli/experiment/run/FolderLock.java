// SPDX-License-Identifier: Apache-2.0
package dev.w2s.cli.experiment.run;

import dev.w2s.cli.io.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps other processes out of a folder while this one writes to it; the system gives it back when
 * the process ends, however that is.
 *
 * @param channel owned, and with it the lock
 */
record FolderLock(FileChannel channel) implements AutoCloseable {
  private static final String NAME = ".lock";

  /**
   * Locks a folder.
   *
   * @throws CommandException if another one has it
   */
  static FolderLock take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (isTaken(channel)) {
      channel.close();
      throw new CommandException(folder + ": another run is at work in it; it must be alone");
    }
    return new FolderLock(channel);
  }

  private static boolean isTaken(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true; // by this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
