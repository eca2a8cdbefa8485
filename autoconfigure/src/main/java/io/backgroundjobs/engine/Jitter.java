package io.backgroundjobs.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Chooses the constant phase by which a periodic job is shifted. It depends on nothing
 * but the names, so that a restart, another JVM and another release keep it.
 */
final class Jitter {

	private Jitter() {
	}

	/**
	 * Choose a phase. The names are hashed with SHA-256, which every Java platform has,
	 * because names that differ in a digit (as instances do) shall be far apart;
	 * {@link String#hashCode()} puts them next to each other.
	 * @param name the name of the job
	 * @param instance the name of the instance of the application; empty for a phase that
	 * all instances share
	 * @param bound the bound in nanoseconds: the smaller one of jitter and interval
	 * @return the phase in nanoseconds, at least 0 and below the bound; 0 if the bound
	 * leaves no room
	 */
	static long phase(String name, String instance, long bound) {
		if (bound <= 1) {
			return 0;
		}
		MessageDigest digest = sha256();
		digest.update(name.getBytes(StandardCharsets.UTF_8));
		digest.update((byte) 0); // ends the name, so that "a", "bc" is not "ab", "c"
		digest.update(instance.getBytes(StandardCharsets.UTF_8));
		// The bias of the remainder is at most bound / 2^64: none, for any interval
		return Long.remainderUnsigned(ByteBuffer.wrap(digest.digest()).getLong(), bound);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("A Java platform without SHA-256", ex);
		}
	}

}
