package io.backgroundjobs.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

import io.backgroundjobs.Shielded;

/**
 * Takes many photos at once.
 */
@RestController
class ImportController {

	private final PhotoImporter importer;

	ImportController(PhotoImporter importer) {
		this.importer = importer;
	}

	/**
	 * Put the photos of a zip archive on the shelf. Shielded: an import that has begun is
	 * finished although the client goes away, and a shutdown waits for it.
	 */
	@PostMapping("/imports")
	@Shielded(name = "import-photos")
	@ResponseStatus(HttpStatus.ACCEPTED)
	ImportResult importPhotos(@RequestPart MultipartFile archive) throws IOException {
		Path file = Files.createTempFile("import-", ".zip");
		try {
			archive.transferTo(file);
			return this.importer.importAll(file);
		}
		finally {
			Files.deleteIfExists(file);
		}
	}

}
