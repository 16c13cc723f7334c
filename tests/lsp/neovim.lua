-- What Neovim 0.7 knows of language servers, tried on a project; the answers go to a file as JSON.
--   nvim --headless -u NONE -c "luafile neovim.lua"
-- The environment says which python (PYTHON), which project (STORY) and which file (ANSWERS).

local found = {}
local story = os.getenv("STORY")
local path = story .. "/scenes/one.md"

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000) or {}
  for _, answer in pairs(answers) do
    return answer.result
  end
end

local function at(line, character)
  vim.api.nvim_win_set_cursor(0, { line, character })
  return vim.lsp.util.make_position_params(0, vim.lsp.get_active_clients()[1].offset_encoding)
end

local function main()
  vim.cmd("edit " .. path)
  local id = vim.lsp.start_client({
    name = "comfyvn",
    cmd = { os.getenv("PYTHON"), "-m", "comfyvn", "lsp" },
    root_dir = story,
    init_options = { hover = { routes = false } },
  })
  vim.lsp.buf_attach_client(0, id)
  assert(vim.wait(60000, function() return vim.lsp.buf_get_clients(0)[id] ~= nil end, 50))

  -- A line is typed, with a character of two units in it.
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "", "Mei: 🎹 {trsut}" })
  local function wrong()
    return vim.tbl_filter(function(each) return each.code == "VN0505" end, vim.diagnostic.get(0))
  end
  assert(vim.wait(60000, function() return #wrong() > 0 end, 50), "no findings")
  local finding = wrong()[1]
  -- Neovim counts bytes: its position has been through UTF-16 and back.
  local line = vim.api.nvim_buf_get_lines(0, finding.lnum, finding.lnum + 1, false)[1]
  found.finding = line:sub(finding.col + 1, finding.end_col)

  local hover = ask("textDocument/hover", at(24, 6))
  found.hover = hover.contents.value
  local items = ask("textDocument/completion", at(24, 6))
  found.completion = vim.tbl_map(function(each) return each.label end, items.items)
  local place = ask("textDocument/definition", at(24, 6))[1]
  found.definition = place.uri

  vim.api.nvim_buf_set_lines(0, -3, -1, false, {})
  local rename = at(24, 6)
  rename.newName = "faith"
  vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", rename), "utf-16")
  found.renamed = vim.api.nvim_buf_get_lines(0, 23, 24, false)[1]
  vim.cmd("wall")
  assert(vim.wait(60000, function() return #vim.diagnostic.get(0, { severity = 1 }) == 0 end, 50))
  found.clean = true
  vim.lsp.stop_client(id)
  vim.wait(10000, function() return #vim.lsp.get_active_clients() == 0 end, 50)
end

local ok, message = pcall(main)
found.error = not ok and tostring(message) or nil
local file = assert(io.open(os.getenv("ANSWERS"), "w"))
file:write(vim.fn.json_encode(found))
file:close()
vim.cmd("qall!")
