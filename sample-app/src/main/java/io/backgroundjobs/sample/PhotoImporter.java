package io.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import org.springframework.stereotype.Component;

import io.backgroundjobs.JobRejectedException;

/**
 * Unpacks archives onto the shelf. No name in an archive ever becomes the name of a file,
 * so that none can point out of the shelf's folder; the number of entries is bounded, and
 * so is what each of them unpacks to.
 */
@Component
class PhotoImporter {

	private final PhotoShelf shelf;

	private final int maxEntries;

	PhotoImporter(PhotoShelf shelf, PhotoProperties properties) {
		this.shelf = shelf;
		this.maxEntries = properties.maxArchiveEntries();
	}

	/**
	 * Put all photos of an archive on the shelf, as far as there is room for their jobs.
	 * @throws PhotoRefusedException if it is no zip archive, or has too many entries
	 */
	ImportResult importAll(Path archive) throws IOException {
		try (ZipFile zip = new ZipFile(archive.toFile())) {
			if (zip.size() > this.maxEntries) {
				throw new PhotoRefusedException(PhotoRefusedException.Reason.TOO_LARGE,
						"An archive may have " + this.maxEntries + " entries at most.");
			}
			ImportResult result = new ImportResult(new ArrayList<>(), new ArrayList<>());
			for (ZipEntry entry : Collections.list(zip.entries())) {
				if (!entry.isDirectory()) {
					importOne(zip, entry, result);
				}
			}
			return result;
		}
		catch (ZipException ex) {
			throw new PhotoRefusedException(PhotoRefusedException.Reason.UNSUPPORTED,
					"This is no zip archive: " + ex.getMessage());
		}
	}

	private void importOne(ZipFile zip, ZipEntry entry, ImportResult result) {
		try {
			Photo photo = this.shelf.add(() -> zip.getInputStream(entry));
			result.accepted().add(new ImportResult.Accepted(entry.getName(), photo.id(), "/photos/" + photo.id()));
		}
		catch (PhotoRefusedException | JobRejectedException | IOException ex) {
			// One entry that cannot be taken does not keep the others out.
			result.refused().add(new ImportResult.Refused(entry.getName(), String.valueOf(ex.getMessage())));
		}
	}

}
