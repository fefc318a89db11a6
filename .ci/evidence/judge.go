// Judges evidence with golang.org/x/mod/sumdb: a case a line in, an answer a line out.
//
// It is not told what is expected of it. Everything that judges is the library's; what stands here
// reads our files and asks it.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type evidence struct {
	Kind      string
	Vkey      string
	Note      string
	File      string
	Leaf      []byte
	Leaves    [][]byte
	Index     int64
	Size      int64
	Root      []byte
	Proof     [][]byte
	Old       int64
	OldRoot   []byte
	Directory string
}

func judge(given evidence) error {
	switch given.Kind {
	case "note":
		_, err := opened(given.Vkey, []byte(given.Note))
		return err
	case "checkpoint":
		_, err := checkpoint(given.Vkey, []byte(given.Note))
		return err
	case "root":
		return root(given)
	case "inclusion":
		leaf := tlog.RecordHash(given.Leaf)
		return tlog.CheckRecord(hashes(given.Proof), given.Size, hash(given.Root), given.Index, leaf)
	case "consistency":
		return tlog.CheckTree(
			hashes(given.Proof), given.Size, hash(given.Root), given.Old, hash(given.OldRoot))
	case "proof-file":
		return proofFile(given.Vkey, given.File, given.Leaf)
	case "tiles":
		return tiles(given.Directory, tlog.Tree{N: given.Size, Hash: hash(given.Root)})
	case "log":
		return served(given.Vkey, given.Directory)
	}
	return errors.New("unknown kind " + given.Kind)
}

// opened is the text of a note: unknown signatures are ignored, a known one must hold.
func opened(vkey string, signed []byte) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	found, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return found.Text, nil
}

func checkpoint(vkey string, signed []byte) (tlog.Tree, error) {
	text, err := opened(vkey, signed)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != strings.Split(vkey, "+")[0] || lines[3] != "" {
		return tlog.Tree{}, errors.New("not three lines, the first the name of the key")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	top, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: top}, err
}

// root builds the tree from the leaves by the library's own means.
func root(given evidence) error {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			found[i] = stored[at]
		}
		return found, nil
	})
	for i, leaf := range given.Leaves {
		more, err := tlog.StoredHashes(int64(i), leaf, read)
		if err != nil {
			return err
		}
		stored = append(stored, more...)
	}
	top, err := tlog.TreeHash(int64(len(given.Leaves)), read)
	if err == nil && top != hash(given.Root) {
		err = errors.New("another root")
	}
	return err
}

func proofFile(vkey, file string, leaf []byte) error {
	head, signed, found := strings.Cut(file, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("no proof file")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra "))
		if err != nil || (leaf != nil && !bytes.Equal(extra, leaf)) {
			return errors.New("the extra is not the leaf")
		}
		leaf, lines = extra, lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		next, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, next)
	}
	tree, err := checkpoint(vkey, []byte(signed))
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf))
}

// served judges all that a log serves: its newest checkpoint, every tile below it, every entry.
func served(vkey, directory string) error {
	signed, err := os.ReadFile(filepath.Join(directory, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := checkpoint(vkey, signed)
	if err != nil {
		return err
	}
	return tiles(directory, tree)
}

// tiles reads every leaf hash through the tiles, which proves each tile to be of the tree, and
// holds every entry against its hash.
func tiles(directory string, tree tlog.Tree) error {
	indexes := make([]int64, tree.N)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	leaves, err := tlog.TileHashReader(tree, folder(directory)).ReadHashes(indexes)
	if err != nil {
		return err
	}
	for first := int64(0); first < tree.N; first += width {
		end := first + width
		if end > tree.N {
			end = tree.N
		}
		bundle := tlog.Tile{H: height, L: -1, N: first / width, W: int(end - first)}
		if err := entries(directory, bundle, leaves[first:end]); err != nil {
			return err
		}
	}
	return nil
}

func entries(directory string, bundle tlog.Tile, leaves []tlog.Hash) error {
	data, whole, err := read(directory, bundle)
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return fmt.Errorf("%s ends within entry %d", bundle.Path(), i)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		if tlog.RecordHash(data[2:end]) != leaf {
			return fmt.Errorf("entry %d of %s is not its leaf", i, bundle.Path())
		}
		data = data[end:]
	}
	if len(data) > 0 && !whole {
		return fmt.Errorf("%s goes on after its last entry", bundle.Path())
	}
	return nil
}

const (
	height = 8
	width  = 1 << height
)

// folder gives the tiles of a directory to the library.
type folder string

func (folder) Height() int                                { return height }
func (folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f folder) ReadTiles(asked []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range asked {
		data, whole, err := read(string(f), tile)
		if err != nil {
			return nil, err
		}
		if whole && len(data) > tile.W*tlog.HashSize {
			data = data[:tile.W*tlog.HashSize]
		}
		found = append(found, data)
	}
	return found, nil
}

// read gives the full tile where the partial one is gone, and says so.
func read(directory string, tile tlog.Tile) ([]byte, bool, error) {
	data, err := os.ReadFile(filepath.Join(directory, path(tile)))
	if !os.IsNotExist(err) || tile.W == width {
		return data, false, err
	}
	tile.W = width
	data, err = os.ReadFile(filepath.Join(directory, path(tile)))
	return data, true, err
}

// path leaves out the height and names entries as tlog-tiles does.
func path(tile tlog.Tile) string {
	found := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return strings.Replace(found, "tile/data/", "tile/entries/", 1)
}

func hash(raw []byte) (found tlog.Hash) {
	if len(raw) != tlog.HashSize {
		panic("a hash of another length")
	}
	copy(found[:], raw)
	return found
}

func hashes(raw [][]byte) []tlog.Hash {
	found := make([]tlog.Hash, len(raw))
	for i := range raw {
		found[i] = hash(raw[i])
	}
	return found
}

func main() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	decoder, encoder := json.NewDecoder(lines), json.NewEncoder(os.Stdout)
	for decoder.More() {
		var given evidence
		if err := decoder.Decode(&given); err != nil {
			panic(err)
		}
		why := ""
		if err := judge(given); err != nil {
			why = err.Error()
		}
		_ = encoder.Encode(map[string]interface{}{"holds": why == "", "why": why})
	}
}
