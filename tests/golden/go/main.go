// Reads a log that Safehands wrote with Go's own verifier, golang.org/x/mod/sumdb, and says what it found as JSON.
//
// The one argument is a folder: vkey, witness, checkpoint, proofs.json and the tiles under their C2SP paths.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	Records []struct {
		Index int64
		Leaf  []byte
		Proof []tlog.Hash
	}
	OldSize  int64
	OldRoot  tlog.Hash
	OldProof []tlog.Hash
}

// tiles serves tiles from a folder; where flip names a path, one bit of that tile is wrong.
type tiles struct {
	folder string
	flip   string
}

func (t tiles) Height() int                         { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		// Go puts the height of the tiles into the path, C2SP does not.
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		if path == t.flip {
			data[40] ^= 4
		}
		found = append(found, data)
	}
	return found, nil
}

// witness verifies a cosignature/v1 of c2sp.org/tlog-cosignature with Go's own ed25519.
type witness struct {
	name string
	key  []byte
}

func (w witness) Name() string { return w.name }
func (w witness) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(w.name+"\n\x04"), w.key...))
	return binary.BigEndian.Uint32(sum[:])
}
func (w witness) Verify(text, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	header := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(w.key, append([]byte(header), text...), sig[8:])
}

func read(folder, name string) []byte {
	data, err := os.ReadFile(filepath.Join(folder, name))
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// readAll proves every record through the tiles and returns how many there were.
func readAll(records proofs, tree tlog.Tree, reader tlog.TileReader) (int, error) {
	hashes := tlog.TileHashReader(tree, reader)
	for _, record := range records.Records {
		proof, err := tlog.ProveRecord(tree.N, record.Index, hashes)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, record.Index, tlog.RecordHash(record.Leaf)); err != nil {
			return 0, err
		}
	}
	return len(records.Records), nil
}

func main() {
	folder := os.Args[1]
	log, err := note.NewVerifier(string(read(folder, "vkey")))
	check(err)
	name, key, _ := strings.Cut(string(read(folder, "witness")), " ")
	public, err := base64.StdEncoding.DecodeString(key)
	check(err)
	opened, err := note.Open(read(folder, "checkpoint"), note.VerifierList(log, witness{name, public}))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	tree := tlog.Tree{N: size, Hash: root}

	var given proofs
	check(json.Unmarshal(read(folder, "proofs.json"), &given))
	readRecords, err := readAll(given, tree, tiles{folder, ""})
	check(err)

	ourRecords, ourFlipped := 0, 0
	for _, record := range given.Records {
		hash := tlog.RecordHash(record.Leaf)
		check(tlog.CheckRecord(record.Proof, tree.N, tree.Hash, record.Index, hash))
		ourRecords++
		for i := range record.Proof {
			record.Proof[i][i] ^= 1
			if tlog.CheckRecord(record.Proof, tree.N, tree.Hash, record.Index, hash) != nil {
				ourFlipped++
			}
			record.Proof[i][i] ^= 1
		}
	}
	check(tlog.CheckTree(given.OldProof, tree.N, tree.Hash, given.OldSize, given.OldRoot))
	given.OldProof[0][0] ^= 1
	forged := tlog.CheckTree(given.OldProof, tree.N, tree.Hash, given.OldSize, given.OldRoot)
	_, torn := readAll(given, tree, tiles{folder, "tile/0/000"})

	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"signatures": len(opened.Sigs), "size": size,
		"records": readRecords, "our_proofs": ourRecords, "our_proofs_refused_when_flipped": ourFlipped,
		"forged_consistency": fmt.Sprint(forged), "flipped_tile": fmt.Sprint(torn),
	}))
}
