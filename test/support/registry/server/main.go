// A container registry on loopback for tests: serves the images of OCI layouts under the names that are
// written in them, release files below /downloads, and, on request, one fault at a time.
package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/compression"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func main() {
	blobs := flag.String("blobs", "", "directory for blobs; those of the layout itself are not copied")
	files := flag.String("files", "", "directory served below /downloads")
	source := flag.String("layout", "", "OCI layout whose images are served")
	// Packing takes time that a test does not have; large layers go as they are.
	packBelow := flag.Int64("pack-below", 1<<25, "layers smaller than this many bytes are packed")
	flag.Parse()

	store := registry.New(registry.WithBlobHandler(registry.NewDiskBlobHandler(*blobs)), registry.Logger(log.New(io.Discard, "", 0)))
	faults := &faulty{next: store}
	mux := http.NewServeMux()
	mux.Handle("/v2/", faults)
	mux.Handle("/elsewhere/", http.StripPrefix("/elsewhere", http.HandlerFunc(faults.elsewhere)))
	mux.Handle("/downloads/", http.StripPrefix("/downloads/", http.FileServer(http.Dir(*files))))
	mux.HandleFunc("/fault", faults.set)
	// Anybody gets a token, as from a public registry.
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"token":"public"}`) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() { must(http.Serve(listener, mux)) }()
	must(fill(listener.Addr().String(), *source, *packBelow))
	fmt.Println(listener.Addr().String())
	select {}
}

func fill(address, source string, packBelow int64) error {
	index, err := layout.ImageIndexFromPath(source)
	if err != nil {
		return err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return err
	}
	for _, entry := range manifest.Manifests {
		_, repository, found := strings.Cut(entry.Annotations["io.containerd.image.name"], "/")
		if !found {
			return fmt.Errorf("%s has no name", entry.Digest)
		}
		if err := serve(index, entry, address+"/"+repository, packBelow); err != nil {
			return fmt.Errorf("%s: %w", repository, err)
		}
	}
	return nil
}

// serve takes an index as it is published; an image alone gets one.
func serve(index v1.ImageIndex, entry v1.Descriptor, to string, packBelow int64) error {
	reference, err := name.ParseReference(to, name.Insecure)
	if err != nil {
		return err
	}
	if entry.MediaType.IsIndex() {
		published, err := index.ImageIndex(entry.Digest)
		if err != nil {
			return err
		}
		return remote.WriteIndex(reference, published)
	}
	image, err := index.Image(entry.Digest)
	if err != nil {
		return err
	}
	return push(reference, image, packBelow)
}

// push puts the image behind an index, as publishers of several platforms do.
func push(to name.Reference, image v1.Image, packBelow int64) error {
	packed, err := pack(image, formOf(to), packBelow)
	if err != nil {
		return err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return err
	}
	platform := &v1.Platform{OS: config.OS, Architecture: config.Architecture}
	index := mutate.AppendManifests(mutate.IndexMediaType(empty.Index, types.OCIImageIndex),
		mutate.IndexAddendum{Add: packed, Descriptor: v1.Descriptor{Platform: platform}})
	return remote.WriteIndex(to, index)
}

// formOf is zstd for one of the images that the engine takes: publishers use either.
func formOf(to name.Reference) compression.Compression {
	if strings.Contains(to.Name(), "kindest/node") {
		return compression.ZStd
	}
	return compression.GZip
}

var layerTypes = map[compression.Compression]types.MediaType{
	compression.GZip: types.OCILayer,
	compression.ZStd: types.OCILayerZStd,
}

func pack(image v1.Image, form compression.Compression, below int64) (v1.Image, error) {
	layers, err := image.Layers()
	if err != nil {
		return nil, err
	}
	made := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	made = mutate.ConfigMediaType(made, types.OCIConfigJSON)
	for _, layer := range layers {
		size, err := layer.Size()
		if err != nil {
			return nil, err
		}
		addendum := mutate.Addendum{Layer: layer, MediaType: types.OCIUncompressedLayer}
		if size < below {
			packed, err := tarball.LayerFromOpener(layer.Uncompressed, tarball.WithCompression(form), tarball.WithCompressionLevel(gzip.BestSpeed), tarball.WithMediaType(layerTypes[form]))
			if err != nil {
				return nil, err
			}
			addendum = mutate.Addendum{Layer: packed, MediaType: layerTypes[form]}
		}
		if made, err = mutate.Append(made, addendum); err != nil {
			return nil, err
		}
	}
	original, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config, err := made.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.Config, config.OS, config.Architecture = original.Config, original.OS, original.Architecture
	return mutate.ConfigFile(made, config)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
