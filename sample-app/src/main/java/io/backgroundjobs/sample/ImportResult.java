package io.backgroundjobs.sample;

import java.util.List;

/**
 * What became of the entries of an archive.
 *
 * @param accepted the entries that are on the shelf now
 * @param refused the entries that are not
 */
record ImportResult(List<Accepted> accepted, List<Refused> refused) {

	/**
	 * An entry that is on the shelf.
	 *
	 * @param entry its name in the archive
	 * @param id the identifier of the photo
	 * @param location the address of the photo
	 */
	record Accepted(String entry, String id, String location) {
	}

	/**
	 * An entry that was not taken.
	 *
	 * @param entry its name in the archive
	 * @param reason why, for people to read
	 */
	record Refused(String entry, String reason) {
	}

}
